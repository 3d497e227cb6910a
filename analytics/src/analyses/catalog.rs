//! The list of analyses, in the order they are offered.

use api_types::Catalog;

use super::{
    Analysis, active_by_category, answers_before_filing, open_in_period, resolution_time_by_month,
    searches_without_answer, triage_accuracy,
};

/// Every analysis.
pub const ANALYSES: &[Analysis] = &[
    open_in_period::ANALYSIS,
    resolution_time_by_month::ANALYSIS,
    active_by_category::ANALYSIS,
    triage_accuracy::ANALYSIS,
    searches_without_answer::ANALYSIS,
    answers_before_filing::ANALYSIS,
];

/// The analysis of this name.
#[must_use]
pub fn find_analysis(name: &str) -> Option<&'static Analysis> {
    ANALYSES.iter().find(|analysis| analysis.name == name)
}

/// What can be asked, with parameters and defaults.
#[must_use]
pub fn describe_analyses() -> Catalog {
    Catalog { analyses: ANALYSES.iter().map(Analysis::info).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{analyses::Scope, calendar::Period};

    #[test]
    fn every_analysis_has_its_own_name_and_a_default_that_it_takes() {
        for (at, analysis) in ANALYSES.iter().enumerate() {
            assert_eq!(ANALYSES.iter().position(|other| other.name == analysis.name), Some(at));
            if let Scope::Last { default, .. } | Scope::Outcomes { default, .. } = analysis.scope {
                assert!(default.parse::<Period>().is_ok(), "{}", analysis.name);
            }
        }
    }
}

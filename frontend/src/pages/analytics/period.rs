//! What is asked: the analysis and its period, as they stand in the address bar.

use api_types::{AnalysisInfo, ParameterInfo, ParameterKind};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use super::translate::label;
use crate::{components::Choice, texts::say};

/// What is asked, following the address bar.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    /// The name of the analysis.
    pub(super) name: Memo<String>,
    /// Its parameters with their values.
    pub(super) parameters: Memo<Vec<(String, String)>>,
    /// The parameter that is a period, where there is one.
    pub(super) period: Memo<Option<ParameterInfo>>,
    /// Asks another question.
    pub(super) choose: Callback<String>,
    /// Sets the period.
    set_period: Callback<String>,
}

impl Asked {
    /// The value of the period.
    fn period_value(self) -> String {
        let name = self.period.get().map(|parameter| parameter.name);
        let parameters = self.parameters.read();
        let found = parameters.iter().find(|(key, _)| Some(key) == name.as_ref());
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

/// Reads from the address bar what is asked; what is missing there has the catalog's default.
pub(super) fn use_asked(analyses: Vec<AnalysisInfo>) -> Asked {
    let params = use_query_map();
    let navigate = use_navigate();
    let asked = Memo::new(move |_| {
        let wanted = params.read().get("name");
        let found = analyses.iter().find(|one| Some(&one.name) == wanted.as_ref());
        found.or(analyses.first()).cloned()
    });
    let name =
        Memo::new(move |_| asked.read().as_ref().map(|one| one.name.clone()).unwrap_or_default());
    let parameters = Memo::new(move |_| {
        let asked = asked.read();
        let known = asked.as_ref().map(|one| one.parameters.as_slice()).unwrap_or_default();
        let value = |one: &ParameterInfo| {
            params
                .read()
                .get(&one.name)
                .filter(|raw| !raw.is_empty())
                .unwrap_or_else(|| one.default.clone())
        };
        known.iter().map(|one| (one.name.clone(), value(one))).collect::<Vec<_>>()
    });
    let period = Memo::new(move |_| {
        let asked = asked.read();
        let is_period = |one: &&ParameterInfo| one.kind == ParameterKind::Period;
        asked.as_ref().and_then(|one| one.parameters.iter().find(is_period).cloned())
    });
    let go = {
        let navigate = navigate.clone();
        move |name: &str, rest: String| {
            let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
            navigate(&format!("/analytics?name={name}{rest}"), options);
        }
    };
    let choose = {
        let go = go.clone();
        Callback::new(move |name: String| go(&name, String::new()))
    };
    let set_period = Callback::new(move |value: String| {
        if let Some(parameter) = period.get_untracked() {
            go(&name.get_untracked(), format!("&{}={value}", parameter.name));
        }
    });
    Asked { name, parameters, period, choose, set_period }
}

/// A period as its number and its unit.
fn parts(period: &str) -> (String, String) {
    let unit = if period.ends_with('d') { "d" } else { "h" };
    (period.trim_end_matches(['h', 'd']).to_owned(), unit.to_owned())
}

/// The period: a number with its unit, and quick choices.
#[component]
pub(super) fn PeriodField(
    parameter: ParameterInfo,
    /// What is asked.
    asked: Asked,
) -> impl IntoView {
    let shown = Memo::new(move |_| parts(&asked.period_value()));
    let set = move |number: String, unit: String| {
        // Other than whole numbers would only come back as a problem.
        let number = number.trim().trim_start_matches('0').to_owned();
        if !number.is_empty() && number.chars().all(|digit| digit.is_ascii_digit()) {
            asked.set_period.run(format!("{number}{unit}"));
        }
    };
    let units = [("h", say!(analytics.period.hours)), ("d", say!(analytics.period.days))];
    let units = units.map(|(unit, word)| (unit.to_owned(), word.to_owned())).to_vec();
    let quick = [
        ("24h", say!(analytics.period.last_day)),
        ("7d", say!(analytics.period.last_week)),
        ("30d", say!(analytics.period.last_month)),
        ("365d", say!(analytics.period.last_year)),
    ];
    view! {
        <div class="field choice period-number">
            <label for="period">{label(parameter)}</label>
            <input id="period" type="number" min="1" max="87840" step="1" inputmode="numeric"
                prop:value=move || shown.get().0
                on:change:target=move |event| set(event.target().value(), shown.get_untracked().1)/>
        </div>
        <Choice id="period-unit" label=say!(analytics.period.unit) options=Signal::stored(units)
            value=Signal::derive(move || shown.get().1)
            on_change=move |unit: String| set(shown.get_untracked().0, unit)/>
        <div class="quick" role="group" aria-label=say!(analytics.period.quick)>
            {quick.map(|(value, word)| view! {
                <button type="button" aria-pressed=move || (asked.period_value() == value).to_string()
                    on:click=move |_| asked.set_period.run(value.to_owned())>{word}</button>
            }.into_any()).collect_view()}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_comes_apart_into_number_and_unit() {
        for (period, number, unit) in [("36h", "36", "h"), ("7d", "7", "d"), ("", "", "h")] {
            assert_eq!(parts(period), (number.to_owned(), unit.to_owned()));
        }
    }
}

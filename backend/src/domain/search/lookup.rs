//! What the database made of the words, turned into what is looked up.

use super::{Term, slip_distance};

/// What the database knows of a word or of words side by side.
#[derive(Debug, Clone, Default)]
pub struct KnownTerm {
    /// Its stems as a query, in each language; empty where it is a stop-word of it.
    pub queries: Vec<String>,
    /// Whether it is a stop-word of one of them.
    pub stop_word: bool,
    /// The share of tickets that have it, where that is common.
    pub share: Option<f32>,
    /// Whether somebody ever wrote it.
    pub known: bool,
    /// Stems of words that begin like it, as queries.
    pub longer: Vec<String>,
    /// Words that look like it, each with its stem behind a space.
    pub alike: Vec<String>,
}

/// A term as a query on stems, and what it is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct WeighedTerm {
    /// The query: any of its stems and other spellings.
    pub query: String,
    /// The rarer, the more.
    pub weight: f32,
}

/// What has to be looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What is wanted.
    pub wanted: Vec<WeighedTerm>,
    /// What must not be there, as queries.
    pub excluded: Vec<String>,
}

/// What a match must have.
#[derive(Debug, Clone, PartialEq)]
pub struct Demand {
    /// As a query on stems.
    pub matching: String,
    /// The least worth of all terms that it has.
    pub least: f32,
}

/// A word that is not among the common ones counts as if one in so many tickets had it.
const RARE: f32 = 2_000.0;
/// A word that every ticket has still says a little.
const LEAST_WEIGHT: f32 = 0.3;
/// What a ticket or an article needs of the worth of a report's words to be like it. Two people say one thing in different
/// words: docs/SEARCH.md has what more and less would find.
const SIMILAR_SHARE: f32 = 0.17;
/// What a match needs of the worth of a search's words, where nothing has all of them.
const PARTIAL_SHARE: f32 = 0.4;
/// One of so many of the rarest must be there.
const PARTIAL_NEEDED: usize = 4;
/// As many words of a report are looked for, the rarest.
const SIMILAR_TERMS: usize = 14;
/// One of so many of the rarest must be there.
const SIMILAR_NEEDED: usize = 10;

impl Plan {
    /// Reads what the database knows of each term, in the same order. Stop-words are left out unless there is nothing else:
    /// «bin» is one in German.
    #[must_use]
    pub fn new(terms: &[Term], known: &[KnownTerm]) -> Self {
        let plan = Self::read(terms, known, false);
        if plan.wanted.is_empty() { Self::read(terms, known, true) } else { plan }
    }

    fn read(terms: &[Term], known: &[KnownTerm], with_stop_words: bool) -> Self {
        let (mut wanted, mut excluded) = (Vec::new(), Vec::new());
        for (term, known) in terms.iter().zip(known) {
            let Some(query) = query_of(term, known) else { continue };
            if term.excluded {
                excluded.push(query);
            } else if with_stop_words || !known.stop_word {
                wanted.push(WeighedTerm { query, weight: weight_of(term, known) });
            }
        }
        Self { wanted, excluded }
    }

    /// What no match may have, as a query; empty where nothing was excluded.
    #[must_use]
    pub fn unwanted(&self) -> String {
        self.excluded.join(" | ")
    }

    /// A match has all of the terms. `None` where none is wanted.
    #[must_use]
    pub fn every_term(&self) -> Option<Demand> {
        let all: Vec<&str> = self.wanted.iter().map(|term| term.query.as_str()).collect();
        (!all.is_empty()).then(|| Demand { matching: self.without(all.join(" & ")), least: 0.0 })
    }

    /// A match has the more telling of the terms. `None` where there is only one.
    #[must_use]
    pub fn telling_terms(&self) -> Option<Demand> {
        (self.wanted.len() > 1).then(|| self.some_of(PARTIAL_NEEDED, PARTIAL_SHARE))
    }

    /// Reads what the database knows of each word of a report. A word that nobody ever wrote can be in no other report and
    /// says nothing of how alike two are; of the rest the rarest count. `None` where none is left.
    #[must_use]
    pub fn similar(terms: &[Term], known: &[KnownTerm]) -> Option<(Self, Demand)> {
        let written = |(term, known): &(&Term, &KnownTerm)| known.known || !term.may_be_mistyped();
        let (terms, known): (Vec<Term>, Vec<KnownTerm>) = terms
            .iter()
            .zip(known)
            .filter(written)
            .map(|(term, known)| (term.clone(), known.clone()))
            .unzip();
        let mut plan = Self::read(&terms, &known, false);
        plan.wanted.sort_by(|one, other| other.weight.total_cmp(&one.weight));
        plan.wanted.truncate(SIMILAR_TERMS);
        let demand = plan.some_of(SIMILAR_NEEDED, SIMILAR_SHARE);
        (!plan.wanted.is_empty()).then_some((plan, demand))
    }

    fn some_of(&self, needed: usize, share: f32) -> Demand {
        let mut rarest: Vec<&WeighedTerm> = self.wanted.iter().collect();
        rarest.sort_by(|one, other| other.weight.total_cmp(&one.weight));
        let any: Vec<&str> = rarest.iter().take(needed).map(|term| term.query.as_str()).collect();
        let total: f32 = self.wanted.iter().map(|term| term.weight).sum();
        Demand { matching: self.without(format!("({})", any.join(" | "))), least: total * share }
    }

    fn without(&self, mut query: String) -> String {
        for excluded in &self.excluded {
            query = format!("{query} & !{excluded}");
        }
        query
    }
}

/// What nobody ever wrote is nowhere, and no match lacks it.
fn weight_of(term: &Term, known: &KnownTerm) -> f32 {
    if term.may_be_mistyped() && !known.known && other_spellings(term, known).is_empty() {
        return 0.0;
    }
    let share = known.share.unwrap_or(1.0 / RARE);
    (1.0 / share).ln().max(LEAST_WEIGHT)
}

/// Any of the stems, of the words that it may become, and of those that it may be a slip for.
fn query_of(term: &Term, known: &KnownTerm) -> Option<String> {
    let mut any: Vec<String> = known
        .queries
        .iter()
        .filter(|query| !query.is_empty())
        .map(|query| format!("({query})"))
        .collect();
    any.extend(other_spellings(term, known));
    any.sort_unstable();
    any.dedup();
    (!any.is_empty()).then(|| format!("({})", any.join(" | ")))
}

fn other_spellings(term: &Term, known: &KnownTerm) -> Vec<String> {
    if term.may_be_completed() && !known.longer.is_empty() {
        known.longer.clone()
    } else if term.may_be_mistyped() && !known.known {
        nearest(&term.text, &known.alike)
    } else {
        Vec::new()
    }
}

/// The stems of the words that take the fewest slips.
fn nearest(typed: &str, alike: &[String]) -> Vec<String> {
    let near = |pair: &String| {
        let (word, stem) = pair.split_once(' ')?;
        Some((slip_distance(typed, word)?, stem.to_owned()))
    };
    let near: Vec<(usize, String)> = alike.iter().filter_map(near).collect();
    let least = near.iter().map(|(distance, _)| *distance).min();
    let nearest = near.into_iter().filter(|(distance, _)| Some(*distance) == least);
    // A stem has letters only (`known_words`), so nothing in it needs an escape.
    nearest.map(|(_, stem)| format!("'{stem}'")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(text: &str) -> Term {
        Term { text: text.into(), excluded: false, quoted: false, unfinished: false }
    }

    fn known(query: &str, share: Option<f32>) -> KnownTerm {
        KnownTerm {
            queries: vec![query.into(), query.into()],
            share,
            known: true,
            ..KnownTerm::default()
        }
    }

    #[test]
    fn every_word_is_wanted_but_stop_words_and_what_was_excluded() {
        let terms = [term("the"), term("printer"), Term { excluded: true, ..term("jam") }];
        let stop_word = KnownTerm { stop_word: true, ..KnownTerm::default() };
        let plan = Plan::new(&terms, &[stop_word, known("'printer'", None), known("'jam'", None)]);
        let demand = plan.every_term().unwrap();
        assert_eq!(demand.matching, "(('printer')) & !(('jam'))");
        assert_eq!(plan.telling_terms(), None);
    }

    #[test]
    fn a_word_that_nobody_wrote_means_the_nearest_that_somebody_did() {
        let alike =
            ["printer printer", "printing print", "pointer pointer"].map(Into::into).to_vec();
        let unknown = KnownTerm { known: false, alike, ..known("'prnter'", None) };
        let plan = Plan::new(&[term("prnter")], &[unknown]);
        assert_eq!(plan.wanted[0].query, "('printer' | ('prnter'))");
    }

    #[test]
    fn where_nothing_has_every_word_a_common_one_alone_is_too_little() {
        let plan = Plan::new(
            &[term("broken"), term("eduroam")],
            &[known("'broken'", Some(0.2)), known("'eduroam'", Some(0.001))],
        );
        let least = plan.telling_terms().unwrap().least;
        assert!(plan.wanted[0].weight < least && least < plan.wanted[1].weight, "{plan:?}");
    }

    #[test]
    fn where_nothing_has_every_word_one_that_nobody_wrote_is_not_missed() {
        let unknown = KnownTerm { known: false, ..known("'flickerx'", None) };
        let plan = Plan::new(
            &[term("broken"), term("flickerx")],
            &[known("'broken'", Some(0.2)), unknown],
        );
        let least = plan.telling_terms().unwrap().least;
        assert!(plan.wanted[0].weight >= least && plan.wanted[1].weight < least, "{plan:?}");
    }

    #[test]
    fn stop_words_count_where_there_is_nothing_else_and_where_they_are_excluded() {
        let stop_word = || KnownTerm {
            queries: vec!["'bin'".into(), String::new()],
            stop_word: true,
            ..KnownTerm::default()
        };
        let alone = Plan::new(&[term("bin")], &[stop_word()]);
        assert_eq!(alone.every_term().unwrap().matching, "(('bin'))");
        let without = Term { excluded: true, ..term("bin") };
        let plan = Plan::new(&[without, term("lamp")], &[stop_word(), known("'lamp'", None)]);
        assert_eq!((plan.wanted.len(), plan.unwanted().as_str()), (1, "(('bin'))"));
    }
}

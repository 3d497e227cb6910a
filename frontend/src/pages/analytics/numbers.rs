//! The numbers that matter, beside the picture.

use api_types::Chart;
use leptos::prelude::*;

use crate::{
    format::{category_word, duration, number, percent},
    texts::say,
};

/// The totals in the order in which people ask for them, the first one large.
const ORDER: [&str; 17] = [
    "right_percent",
    "decided",
    "total",
    "mean_hours",
    "median_hours",
    "p90_hours",
    "active",
    "open",
    "closed",
    "still_open",
    "all",
    "asked",
    "empty",
    "unopened",
    "shown",
    "opened",
    "stopped",
];

/// What a total counts.
fn word(key: &str) -> String {
    match key {
        "right_percent" => say!(analytics.totals.right),
        "decided" => say!(analytics.totals.decided),
        "total" => say!(analytics.totals.total),
        "mean_hours" => say!(analytics.totals.mean_hours),
        "median_hours" => say!(analytics.totals.median_hours),
        "p90_hours" => say!(analytics.totals.p90_hours),
        "active" => say!(analytics.totals.active),
        "open" => say!(analytics.totals.open),
        "closed" => say!(analytics.totals.closed),
        "still_open" => say!(analytics.totals.still_open),
        "all" => say!(analytics.totals.all),
        "asked" => say!(analytics.totals.asked),
        "empty" => say!(analytics.totals.empty),
        "unopened" => say!(analytics.totals.unopened),
        "shown" => say!(analytics.totals.shown),
        "opened" => say!(analytics.totals.opened),
        "stopped" => say!(analytics.totals.stopped),

        other => return confused(other).unwrap_or_else(|| other.replace('_', " ")),
    }
    .to_owned()
}

/// What `facility_to_it` counts.
fn confused(key: &str) -> Option<String> {
    let (said, truth) = key.split_once("_to_")?;
    let (said, truth) = (category_word(said.parse().ok()?), category_word(truth.parse().ok()?));
    Some(say!(analytics.totals.confused, said = said, truth = truth))
}

/// The totals of a chart as numbers and words.
fn lines(chart: &Chart) -> Vec<(String, String)> {
    let mut totals: Vec<_> = chart.totals.iter().collect();
    // What is not known stands at the end.
    totals
        .sort_by_key(|(key, _)| ORDER.iter().position(|known| known == key).unwrap_or(ORDER.len()));
    let line = |(key, value): (&String, &f64)| {
        let value = match key {
            hours if hours.ends_with("_hours") => duration(*value),
            share if share.ends_with("_percent") => percent(*value / 100.0),
            _ => number(*value),
        };
        (value, word(key))
    };
    totals.into_iter().map(line).collect()
}

/// The numbers that matter.
#[component]
pub(super) fn Numbers(chart: Chart) -> impl IntoView {
    let lines = lines(&chart);
    view! {
        <dl class="numbers" aria-label=say!(analytics.totals.label)>
            {lines.into_iter().map(|(value, word)| view! {
                <div><dt>{word}</dt><dd>{value}</dd></div>
            }.into_any()).collect_view()}
        </dl>
    }
}

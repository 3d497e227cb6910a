//! Charts: the answers of the analytics service, ready to draw.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The answer to an analysis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    /// The analysis it answers.
    pub analysis: String,
    /// The question in a few words.
    pub title: String,
    /// What exactly is counted.
    pub definition: String,
    /// The IANA time zone that decides hours, days and months.
    pub tz: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: YAxis,
    /// The data.
    pub series: Vec<Series>,
    /// The numbers that matter, by key.
    pub totals: BTreeMap<String, f64>,
    /// Up to when the answer is complete.
    pub as_of: DateTime<Utc>,
    /// How far behind the desk it is, in seconds.
    pub lag_seconds: f64,
    /// Whether the desk is out of reach, so that the answer is old.
    pub stale: bool,
}

/// A horizontal axis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Axis {
    /// For people.
    pub label: String,
    /// What stands on it.
    pub kind: AxisKind,
}

/// What stands on a horizontal axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AxisKind {
    /// Instants.
    Time,
    /// Words.
    Category,
    /// Numbers.
    Number,
}

/// A vertical axis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YAxis {
    /// For people.
    pub label: String,
    /// What is measured.
    pub unit: Unit,
}

/// What a vertical axis measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A number of tickets.
    Tickets,
    /// A duration in hours.
    Hours,
    /// A share, from 0 to 100.
    Percent,
    /// How often something happened.
    Times,
}

/// One line or one group of bars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// From a closed set, for translation and colour.
    pub key: String,
    /// For people.
    pub name: String,
    /// In the order of x.
    pub points: Vec<Point>,
}

/// One point, on the wire `[x, y]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point(pub X, pub f64);

/// A place on the horizontal axis: the start of a bucket of time, a number, or a word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum X {
    /// An instant, RFC 3339.
    Time(DateTime<Utc>),
    /// A number.
    Number(f64),
    /// A word of a closed set.
    Word(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_a_pair_on_the_wire_and_reads_back_as_what_it_was() {
        let at: DateTime<Utc> = "2026-03-01T00:00:00Z".parse().unwrap();
        for (point, wire) in [
            (Point(X::Time(at), 2.0), r#"["2026-03-01T00:00:00Z",2.0]"#),
            (Point(X::Word("it".into()), 5.0), r#"["it",5.0]"#),
            (Point(X::Number(1.5), 5.0), r#"[1.5,5.0]"#),
        ] {
            assert_eq!(serde_json::to_string(&point).unwrap(), wire);
            assert_eq!(serde_json::from_str::<Point>(wire).unwrap(), point);
        }
    }
}

//! What can be asked of the analytics service.

use serde::{Deserialize, Serialize};

/// The list of analyses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// In the order they are offered.
    pub analyses: Vec<AnalysisInfo>,
}

/// One analysis: a named question with parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnalysisInfo {
    /// The name in the path.
    pub name: String,
    /// The question in a few words.
    pub title: String,
    /// What exactly is counted.
    pub definition: String,
    /// What it can be asked with.
    pub parameters: Vec<ParameterInfo>,
}

/// One parameter of an analysis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterInfo {
    /// The name in the query string.
    pub name: String,
    /// What it means, for a form label.
    pub label: String,
    /// How it is written.
    pub kind: ParameterKind,
    /// What it is unless given.
    pub default: String,
}

/// How a parameter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterKind {
    /// A whole number and a unit, `36h` or `7d`, between 1h and 3660d.
    Period,
}

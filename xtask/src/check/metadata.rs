//! What cargo knows about our packages and those they use.

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::job::Job;

/// `cargo metadata`, the parts we read.
#[derive(Deserialize)]
pub(super) struct Metadata {
    pub(super) packages: Vec<Package>,
}

/// A package, ours or from a registry.
#[derive(Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    /// An SPDX expression.
    pub(super) license: Option<String>,
    /// Where it comes from; `None` for our own.
    pub(super) source: Option<String>,
    pub(super) dependencies: Vec<Dependency>,
}

/// What a package says it uses.
#[derive(Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// `None` for a normal one, else `dev` or `build`.
    pub(super) kind: Option<String>,
    pub(super) optional: bool,
}

impl Package {
    /// Whether it is one of ours.
    pub(super) fn is_ours(&self) -> bool {
        self.source.is_none()
    }

    /// The names of what it uses outside its tests.
    pub(super) fn uses(&self) -> impl Iterator<Item = &Dependency> {
        self.dependencies.iter().filter(|used| used.kind.as_deref() != Some("dev"))
    }
}

/// Asks cargo, about every platform.
///
/// # Errors  When Cargo.lock does not fit the manifests.
pub(super) fn read() -> Result<Metadata> {
    let text = Job::new("cargo").args(["metadata", "--locked", "--format-version", "1"]).read()?;
    serde_json::from_str(&text).context("cargo's metadata cannot be read")
}

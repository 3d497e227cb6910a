//! Commands that hand over to a service's own: the API's description, training and measuring the triage model.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{job::Job, paths, token};

/// Writes docs/openapi.json as the backend describes itself.
///
/// # Errors  When the backend does not compile or the file cannot be written.
pub(crate) fn write() -> Result<()> {
    let text = service("backend", "campusdesk-backend").args(["openapi"]).read()?;
    let file = paths::root().join("docs/openapi.json");
    fs::create_dir_all(paths::root().join("docs"))?;
    fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))?;
    println!("Wrote {}", file.display());
    Ok(())
}

/// Trains the triage model.
///
/// # Errors  When training fails.
pub(crate) fn train(rest: &[String]) -> Result<()> {
    // For `--publish`, on a desk that `up` runs.
    let token = token::variable()?;
    let job = service("analytics", "campusdesk-analytics").args(["train"]).args(rest);
    token.into_iter().fold(job, |job, (name, token)| job.env(&name, token)).run_shown()
}

/// Measures the triage model.
///
/// # Errors  When the file cannot be read or measured.
pub(crate) fn evaluate(file: Option<&Path>, rest: &[String]) -> Result<()> {
    // The command runs in the root; the path was meant from where the user is.
    let find = |file: &Path| {
        file.canonicalize().with_context(|| format!("{} cannot be read", file.display()))
    };
    let file = file.map(find).transpose()?;
    service("analytics", "campusdesk-analytics")
        .args(["evaluate"])
        .args(file.as_slice())
        .args(rest)
        .run_shown()
}

/// Measures search and similar reports.
///
/// # Errors  When the sets cannot be read.
pub(crate) fn evaluate_search() -> Result<()> {
    Job::new("cargo")
        .args(["run", "--quiet", "--release", "-p", "backend", "--example", "evaluate_search"])
        .run_shown()
}

/// Optimised: training is minutes of arithmetic otherwise.
fn service(package: &str, binary: &str) -> Job {
    Job::new("cargo").args(["run", "--quiet", "--release", "-p", package, "--bin", binary, "--"])
}

//! `check`: what can be said about the source without running it.

mod imports;
mod languages;
mod licences;
mod metadata;

use anyhow::{Result, bail};

use crate::{
    build,
    job::Job,
    setup::{self, Toolchain},
    step::{Done, Steps},
};

/// The steps of [`run_steps`].
pub(crate) const STEPS: usize = 6;

/// All checks, with the set-up that they need.
///
/// # Errors  Names what is wrong.
pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::new(1 + STEPS);
    let toolchain = setup::for_wasm(&mut steps)?;
    run_steps(&mut steps, &toolchain)?;
    println!("The source is in order ({}).", steps.elapsed());
    Ok(())
}

/// The checks, cheapest first.
///
/// # Errors  Names what is wrong.
pub(crate) fn run_steps(steps: &mut Steps, toolchain: &Toolchain) -> Result<()> {
    steps.run("Format", |progress| {
        Job::new("cargo").args(["fmt", "--all", "--check"]).run(progress)?;
        Ok(Done::Made)
    })?;
    steps.run("Import rules", |_| refuse("Import rules that are broken", &imports::check()?))?;
    steps.run("Languages", |_| refuse("Texts that do not fit together", &languages::check()?))?;
    steps.run("Licences", |_| refuse("Licences that are not allowed", &licences::check()?))?;
    steps.run("Lints", |progress| {
        Job::new("cargo")
            .args(["clippy", "--workspace", "--exclude", "frontend", "--all-targets"])
            .args(["--", "-D", "warnings"])
            .run(progress)?;
        Ok(Done::Made)
    })?;
    steps.run("Lints of the browser app", |progress| {
        build::fetch_sources(progress, toolchain)?;
        Job::new("cargo")
            .args([
                "clippy",
                "-p",
                "frontend",
                "--all-targets",
                "--target",
                "wasm32-unknown-unknown",
            ])
            .args(["--", "-D", "warnings"])
            .envs(&toolchain.env)
            .run(progress)?;
        Ok(Done::Made)
    })
}

fn refuse(heading: &str, faults: &[String]) -> Result<Done> {
    if !faults.is_empty() {
        bail!("{heading}:\n  {}", faults.join("\n  "));
    }
    Ok(Done::Made)
}

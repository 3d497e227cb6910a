//! What the bench needs and nothing else does: wrk to put load on the desk, nginx to serve the same files, Lighthouse to look at its pages.

use std::fs;

use anyhow::{Context, Result};

use crate::{
    job::Job,
    paths,
    setup::apt,
    step::{Done, Progress},
};

/// The last that runs on Debian 12's Node 18; 13 needs Node 22.
const LIGHTHOUSE: &str = "12.8.2";

pub(super) fn ensure_wrk(progress: &Progress) -> Result<Done> {
    if paths::find_program("wrk").is_some() {
        return Ok(Done::skipped("there"));
    }
    apt::install(progress, "wrk", &["wrk"])?;
    Ok(Done::Made)
}

pub(super) fn ensure_nginx(progress: &Progress) -> Result<Done> {
    if paths::find_program("nginx").is_some() {
        return Ok(Done::skipped("there"));
    }
    // Debian also starts it on port 80; the bench starts another of its own.
    apt::install(progress, "nginx", &["nginx-light"])?;
    Ok(Done::Made)
}

/// Lighthouse with its two hundred packages stays out of `e2e/package.json`, where every set-up for the tests would bring it.
pub(super) fn ensure_lighthouse(progress: &Progress) -> Result<Done> {
    let folder = paths::lighthouse();
    // Written last, so that an installation which was broken off is begun anew.
    let mark = folder.join(".installed");
    if fs::read_to_string(&mark).is_ok_and(|version| version == LIGHTHOUSE) {
        return Ok(Done::skipped(format!("{LIGHTHOUSE} is there")));
    }
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    Job::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--no-save", "--no-package-lock"])
        // Debian's Chromium is driven; no package need bring or build anything.
        .args(["--ignore-scripts", "--prefix"])
        .args([&folder])
        .args([format!("lighthouse@{LIGHTHOUSE}")])
        .run(progress)?;
    fs::write(&mark, LIGHTHOUSE)
        .with_context(|| format!("{} cannot be written", mark.display()))?;
    Ok(Done::Made)
}

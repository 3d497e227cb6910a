//! The browser that the tests drive.

use std::{env, path::PathBuf};

use anyhow::Result;

use crate::{
    paths,
    setup::apt,
    step::{Done, Progress},
};

/// Chromium: `$CHROMIUM`, or by its usual names.
pub(crate) fn find() -> Option<PathBuf> {
    let named = env::var_os("CHROMIUM").map(PathBuf::from).filter(|file| paths::is_program(file));
    let names = ["chromium", "chromium-browser", "google-chrome"];
    named.or_else(|| names.into_iter().find_map(paths::find_program))
}

pub(super) fn ensure(progress: &Progress) -> Result<Done> {
    if let Some(file) = find() {
        return Ok(Done::skipped(format!("{} is there", file.display())));
    }
    // Without any font every text has no width, and nothing can be clicked.
    apt::install(progress, "Chromium", &["chromium", "fonts-dejavu-core"])?;
    Ok(Done::Made)
}

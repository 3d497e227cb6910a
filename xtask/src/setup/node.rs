//! Node packages, pinned in `e2e/package-lock.json`: wasm-opt for the build, Playwright and axe for the tests.

use std::fs;

use anyhow::{Context, Result};

use crate::{
    job::Job,
    paths,
    setup::apt,
    step::{Done, Progress},
};

/// The oldest Node that the packages run on.
const OLDEST_NODE: u32 = 18;

/// Which of the packages are wanted.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Packages {
    /// Those that the build needs.
    Build,
    /// Those for the tests, too.
    All,
}

pub(super) fn ensure(progress: &Progress, wanted: Packages) -> Result<Done> {
    let folder = paths::root().join("e2e");
    let lock = fs::read_to_string(folder.join("package-lock.json"))
        .context("e2e/package-lock.json cannot be read")?;
    // The mark holds the lock file that was installed, so a changed lock installs anew.
    let mark = folder.join("node_modules/.installed-for-build");
    let mark_all = folder.join("node_modules/.installed-all");
    let is_current = |file| fs::read_to_string(file).is_ok_and(|text| text == lock);
    if is_current(&mark_all) || (wanted == Packages::Build && is_current(&mark)) {
        return Ok(Done::skipped("there"));
    }
    ensure_node(progress)?;
    let mut args = vec!["ci", "--no-audit", "--no-fund"];
    if wanted == Packages::Build {
        args.push("--omit=dev");
    }
    Job::new("npm")
        .args(args)
        .dir(&folder)
        // Debian's Chromium is driven; Playwright need not bring its own.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .run(progress)?;
    let mark = if wanted == Packages::All { mark_all } else { mark };
    fs::write(mark, lock).context("e2e/node_modules cannot be written")?;
    Ok(Done::Made)
}

fn ensure_node(progress: &Progress) -> Result<()> {
    let version = Job::new("node").args(["--version"]).first_line();
    let major = version.as_deref().and_then(parse_major);
    if major.is_some_and(|major| major >= OLDEST_NODE) && paths::find_program("npm").is_some() {
        return Ok(());
    }
    let what = format!("Node {OLDEST_NODE} or newer with npm");
    apt::install(progress, &what, &["nodejs", "npm"])
}

fn parse_major(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(parse_major("v18.20.4"), Some(18));
        assert_eq!(parse_major("unknown"), None);
    }
}

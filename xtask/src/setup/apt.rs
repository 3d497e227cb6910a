//! Debian's packages: the one place that installs them.

use std::{ffi::OsStr, process::Command, sync::OnceLock};

use anyhow::{Result, bail};
use nix::unistd::Uid;

use crate::{job::Job, paths, step::Progress};

/// The package lists are fetched once, and only when something has to be installed.
static UPDATED: OnceLock<()> = OnceLock::new();

/// Installs packages.
///
/// # Errors  One sentence naming `what` is missing and the command to type, when this user may not install.
pub(crate) fn install(progress: &Progress, what: &str, packages: &[&str]) -> Result<()> {
    let by_hand =
        format!("{what} is missing; install it with: sudo apt-get install {}", packages.join(" "));
    if paths::find_program("apt-get").is_none() {
        bail!(
            "{what} is missing; install it with your system's package manager (on Debian: {}).",
            packages.join(" ")
        );
    }
    let Some(prefix) = root_prefix() else { bail!("{by_hand}") };
    if UPDATED.get().is_none() {
        // A mirror that cannot be reached just now need not stop us: the lists we have may do.
        if let Err(error) = apt(&prefix, &["update"]).run(progress) {
            progress.note(&format!("{error:#}"));
        }
        let _ = UPDATED.set(());
    }
    let args =
        ["install", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold"];
    let result = apt(&prefix, &args).args(packages).run(progress);
    if let Err(error) = result {
        bail!("{error:#}\n{by_hand}");
    }
    Ok(())
}

/// Writes a small file as root, unless one is there.
///
/// # Errors  When this user may not.
pub(crate) fn provide_file(progress: &Progress, path: &str, text: &str) -> Result<()> {
    let Some(prefix) = root_prefix() else { bail!("{path} cannot be written without root") };
    let script = r#"[ -e "$1" ] || { mkdir -p "$(dirname "$1")" && printf '%s\n' "$2" > "$1"; }"#;
    as_root(&prefix, "sh").args(["-c", script, "sh", path, text]).run(progress)
}

fn apt(prefix: &[&str], args: &[&str]) -> Job {
    as_root(prefix, "env")
        .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"])
        .args(args)
}

fn as_root(prefix: &[&str], program: &str) -> Job {
    match prefix.split_first() {
        Some((first, rest)) => Job::new(first).args(rest).args([OsStr::new(program)]),
        None => Job::new(program),
    }
}

/// What to put before a command so that it runs as root; `None` when there is no way without a question.
fn root_prefix() -> Option<Vec<&'static str>> {
    if Uid::effective().is_root() {
        return Some(Vec::new());
    }
    let sudo = Command::new("sudo").args(["-n", "true"]).output();
    sudo.is_ok_and(|output| output.status.success()).then(|| vec!["sudo", "-n"])
}

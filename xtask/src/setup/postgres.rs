//! PostgreSQL's own binaries: the backend starts a private server from them.

use std::{fs, path::PathBuf};

use anyhow::{Result, bail};

use crate::{
    paths,
    setup::apt,
    step::{Done, Progress},
};

/// The folder with `initdb` and `postgres`: on `PATH`, or the newest of Debian's.
pub(crate) fn find() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| {
        ["initdb", "postgres"].iter().all(|name| paths::is_program(&folder.join(name)))
    };
    // On PATH there may be only a link to each.
    let on_path = paths::find_program("initdb").and_then(|file| file.canonicalize().ok());
    let on_path = on_path.and_then(|file| Some(file.parent()?.to_path_buf()));
    if let Some(folder) = on_path.filter(complete) {
        return Some(folder);
    }
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let number =
        |folder: &PathBuf| -> Option<u32> { folder.parent()?.file_name()?.to_str()?.parse().ok() };
    versions.flatten().map(|entry| entry.path().join("bin")).filter(complete).max_by_key(number)
}

pub(super) fn ensure(progress: &Progress) -> Result<Done> {
    if let Some(folder) = find() {
        return Ok(Done::skipped(format!("{} is there", folder.display())));
    }
    // Debian would make a cluster and start it with the system; we run our own and leave the machine as it was.
    let no_cluster = apt::provide_file(
        progress,
        "/etc/postgresql-common/createcluster.conf",
        "create_main_cluster = false",
    );
    if let Err(error) = no_cluster {
        progress.note(&format!("{error:#}"));
    }
    apt::install(progress, "PostgreSQL", &["postgresql"])?;
    if find().is_none() {
        bail!(
            "PostgreSQL was installed, but initdb and postgres are neither on PATH nor in /usr/lib/postgresql."
        );
    }
    Ok(Done::Made)
}

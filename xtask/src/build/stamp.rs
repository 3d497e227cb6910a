//! Whether the browser app is still the one that its sources make.
//!
//! The stamp holds two sums: one of all that goes in, by content, and one of what came out, by name, size and time, since a
//! plain `trunk serve` writes an unoptimised app into the same folder.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::paths;

/// What the browser app is made of. Other crates come in through Cargo.lock.
const SOURCES: [&str; 9] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "crates/api-types",
    "crates/charts",
    "frontend",
    "xtask/src/build",
    "xtask/src/build.rs",
];

/// Whether nothing has changed since [`write`].
pub(super) fn is_current() -> bool {
    let stamped = fs::read_to_string(stamp_file());
    paths::dist().join("index.html").exists()
        && current().is_ok_and(|now| stamped.is_ok_and(|then| then == now))
}

/// Remembers what is there now.
pub(super) fn write() -> Result<()> {
    fs::write(stamp_file(), current()?).context("the stamp of the browser app cannot be written")
}

/// Every file below a folder, or the file itself, sorted.
pub(super) fn list_files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).with_context(|| format!("{} cannot be read", path.display()))? {
        files.extend(list_files(&entry?.path())?);
    }
    files.sort();
    Ok(files)
}

fn stamp_file() -> PathBuf {
    paths::root().join("target/dist.stamp")
}

fn current() -> Result<String> {
    let mut sources = DefaultHasher::new();
    for source in SOURCES.map(|name| paths::root().join(name)).iter().filter(|path| path.exists()) {
        for file in list_files(source)? {
            file.hash(&mut sources);
            fs::read(&file)?.hash(&mut sources);
        }
    }
    let mut made = DefaultHasher::new();
    for file in list_files(&paths::dist())? {
        let meta = file.metadata()?;
        (file, meta.len(), meta.modified()?).hash(&mut made);
    }
    Ok(format!("{:016x} {:016x}\n", sources.finish(), made.finish()))
}

//! Finding the machine's own PostgreSQL programs.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

use super::ClusterError;

/// `pg_current_xact_id()`, which the change feed is ordered by, came with 13.
const OLDEST_MAJOR: u32 = 13;

/// One installation: where it is and how old.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binaries {
    /// The folder with `postgres` and `initdb`.
    pub(super) bin_dir: PathBuf,
    /// The major version, such as 15.
    pub(super) major: u32,
}

impl Binaries {
    /// One program of this installation.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.bin_dir.join(name)
    }
}

/// The folder of the PostgreSQL programs that a new cluster would be made with: PATH first, then the
/// usual places, the newest version before older ones.
///
/// # Errors  [`ClusterError::NoBinaries`] when there are none, or only ones too old.
pub fn find_binaries() -> Result<PathBuf, ClusterError> {
    find_newest().map(|found| found.bin_dir)
}

/// The installation for a new cluster.
pub(super) fn find_newest() -> Result<Binaries, ClusterError> {
    candidates()
        .find(|found| found.major >= OLDEST_MAJOR)
        .ok_or(ClusterError::NoBinaries { oldest: OLDEST_MAJOR })
}

/// The installation for an existing cluster, which only its own major version can open.
///
/// # Errors  [`ClusterError::WrongVersion`] when other versions are here, but not that one.
pub(super) fn find_matching(pgdata: &Path, written_by: &str) -> Result<Binaries, ClusterError> {
    let mut others = Vec::new();
    for found in candidates() {
        if found.major.to_string() == written_by {
            return Ok(found);
        }
        others.push(found.major);
    }
    if others.is_empty() {
        return Err(ClusterError::NoBinaries { oldest: OLDEST_MAJOR });
    }
    others.sort_unstable_by(|a, b| b.cmp(a));
    others.dedup();
    let found = others.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    Err(ClusterError::WrongVersion {
        pgdata: pgdata.to_owned(),
        written_by: written_by.to_owned(),
        found,
    })
}

/// Every installation, the preferred first. Lazy: versions are asked for one program at a time.
fn candidates() -> impl Iterator<Item = Binaries> {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = std::env::split_paths(&on_path).collect();
    on_path
        .into_iter()
        .chain(versioned("/usr/lib/postgresql", "", "bin"))
        .chain(versioned("/usr", "pgsql-", "bin"))
        .chain([PathBuf::from("/usr/local/pgsql/bin")])
        .chain(versioned("/opt/homebrew/opt", "postgresql@", "bin"))
        .chain(versioned("/usr/local/opt", "postgresql@", "bin"))
        .chain(versioned("/usr/libexec", "postgresql", ""))
        .filter(|dir| dir.is_absolute() && holds_programs(dir))
        .filter_map(|bin_dir| Some(Binaries { major: read_major(&bin_dir)?, bin_dir }))
}

/// The folders `parent/<prefix><number>/<below>`, the highest number first.
fn versioned(parent: &str, prefix: &str, below: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(parent) else { return Vec::new() };
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let name = entry.file_name();
            let number = name.to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((number, entry.path().join(below)))
        })
        .collect();
    found.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    found.into_iter().map(|(_, path)| path).collect()
}

fn holds_programs(dir: &Path) -> bool {
    ["postgres", "initdb"].iter().all(|name| dir.join(name).is_file())
}

fn read_major(bin_dir: &Path) -> Option<u32> {
    let output = Command::new(bin_dir.join("postgres")).arg("--version").output().ok()?;
    parse_major(&String::from_utf8_lossy(&output.stdout))
}

/// The major version in a line like `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn parse_major(line: &str) -> Option<u32> {
    let version = line.split_once("(PostgreSQL) ")?.1;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Whether two paths name the same program, for a server that was started elsewhere.
pub(super) fn is_postgres(program: &OsStr) -> bool {
    Path::new(program).file_name().is_some_and(|name| name == "postgres" || name == "postmaster")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_releases_and_betas() {
        assert_eq!(parse_major("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"), Some(15));
        assert_eq!(parse_major("postgres (PostgreSQL) 18beta2"), Some(18));
        assert_eq!(parse_major("something else"), None);
    }

    #[test]
    fn a_cluster_of_a_version_that_is_not_here_names_what_is() {
        let error = find_matching(Path::new("/data/postgres"), "9").unwrap_err().to_string();
        assert!(error.contains("written by PostgreSQL 9"), "{error}");
        assert!(error.contains("install postgresql-9"), "{error}");
    }
}

//! PostgreSQL's own tools, for tests that dump and restore.

use std::path::PathBuf;

use backend::db::cluster::find_binaries;

/// A tool such as `pg_dump`, of the same version as the server. A system may put the server's programs on PATH by links
/// and the tools not, so the folder that a link leads to counts as well.
///
/// # Panics  If there is no PostgreSQL on this machine, or it came without its tools.
pub fn find_program(name: &str) -> PathBuf {
    let bin_dir = match find_binaries() {
        Ok(bin_dir) => bin_dir,
        Err(error) => panic!("{error}"),
    };
    let linked = bin_dir.join("postgres").canonicalize().ok();
    let linked = linked.and_then(|program| program.parent().map(|folder| folder.join(name)));
    [Some(bin_dir.join(name)), linked]
        .into_iter()
        .flatten()
        .find(|program| program.is_file())
        .unwrap_or_else(|| panic!("{name} is not beside the server in {}", bin_dir.display()))
}

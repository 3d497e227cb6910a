//! What runs on this machine, as far as a cluster is concerned: is its postmaster alive, is it ours,
//! and did an earlier one leave server processes behind.
//!
//! It reads `/proc`, of which `stat` and `cmdline` are open to everyone, also to root in a container
//! that may not look into other users' processes. Where there is no `/proc` a signal 0 must do.

use std::{
    ffi::{OsStr, OsString},
    fs,
    os::unix::{ffi::OsStringExt, fs::MetadataExt},
    path::Path,
};

use nix::{
    errno::Errno,
    sys::signal::{self, Signal},
    unistd::Pid,
};

use super::binaries::is_postgres;

/// Whether the process runs. One that has ended and waits to be collected by its parent does not.
pub(super) fn is_alive(pid: i32) -> bool {
    if pid <= 1 {
        return false;
    }
    if has_proc() {
        return read_state(pid).is_some_and(|state| !matches!(state, 'Z' | 'X'));
    }
    !matches!(signal::kill(Pid::from_raw(pid), None), Err(Errno::ESRCH))
}

/// Whether the process is a PostgreSQL server of any folder.
pub(super) fn is_server(pid: i32) -> bool {
    if !has_proc() {
        return is_alive(pid);
    }
    read_command_line(pid).first().is_some_and(|program| {
        is_postgres(program) || program.as_encoded_bytes().starts_with(b"postgres:")
    })
}

/// Whether the process is the postmaster of this very folder.
pub(super) fn is_postmaster_of(pid: i32, pgdata: &Path) -> bool {
    if !is_alive(pid) {
        return false;
    }
    if !has_proc() {
        return true;
    }
    let line = read_command_line(pid);
    let names_folder = line.windows(2).any(|pair| pair[0] == "-D" && Path::new(&pair[1]) == pgdata);
    line.first().is_some_and(|program| is_postgres(program)) && names_folder
}

/// Server processes of a cluster whose postmaster is gone. PostgreSQL writes the cluster's name into
/// the title of each; the owner must be right too, since a title can be forged.
pub(super) fn find_orphans(cluster_name: &str, owner: u32) -> Vec<i32> {
    let title = format!("postgres: {cluster_name}: ");
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
            let is_owners = entry.metadata().ok()?.uid() == owner;
            let line = read_command_line(pid);
            let is_named = line.first()?.as_encoded_bytes().starts_with(title.as_bytes());
            (is_owners && is_named && is_alive(pid)).then_some(pid)
        })
        .collect()
}

/// Sends a signal; one to a process that is already gone is no failure.
pub(super) fn send(pid: i32, signal: Signal) -> nix::Result<()> {
    match signal::kill(Pid::from_raw(pid), signal) {
        Ok(()) | Err(Errno::ESRCH) => Ok(()),
        Err(error) => Err(error),
    }
}

fn has_proc() -> bool {
    Path::new("/proc/self/stat").exists()
}

/// The state letter, which stands behind the name in brackets; the name itself may hold brackets.
fn read_state(pid: i32) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.chars().next()
}

fn read_command_line(pid: i32) -> Vec<OsString> {
    let bytes = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    bytes
        .split(|byte| *byte == 0)
        .map(|part| OsString::from_vec(part.to_vec()))
        .filter(|part| part != OsStr::new(""))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_process_that_ended_but_was_not_collected_counts_as_gone() {
        let mut child = Command::new("true").spawn().unwrap();
        let pid = i32::try_from(child.id()).unwrap();
        let gone = std::iter::repeat_with(|| is_alive(pid)).any(|alive| !alive);
        child.wait().unwrap();
        assert!(gone);
    }

    #[test]
    fn this_test_is_alive_and_no_server() {
        let pid = i32::try_from(std::process::id()).unwrap();
        assert!(is_alive(pid));
        assert!(!is_server(pid));
        assert!(!is_postmaster_of(pid, Path::new("/")));
    }
}

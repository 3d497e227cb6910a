//! One run of the server: starting it or taking over the one that is there, waiting until it answers,
//! and stopping it.

use std::{
    fs,
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    process::Child,
    time::{Duration, Instant},
};

use nix::sys::signal::Signal;
use tokio::time::sleep;
use tokio_postgres::error::SqlState;

use super::{ClusterError, processes, socket};

/// How often the state of a process or a socket is looked at while waiting for it.
pub(super) const POLL: Duration = Duration::from_millis(50);
/// How long a server that says nothing is waited for.
const SILENT_LIMIT: Duration = Duration::from_secs(60);
/// How long one is waited for that says it is recovering.
const RECOVERY_LIMIT: Duration = Duration::from_secs(300);
/// How long a fast shutdown, which writes a checkpoint, may take before the rougher one.
const FAST_STOP_LIMIT: Duration = Duration::from_secs(60);
/// How long the kernel may take to end what was told to end at once.
const END_LIMIT: Duration = Duration::from_secs(10);

/// A running postmaster: our child, or one that outlived the process which started it.
#[derive(Debug)]
pub(super) struct Postmaster {
    /// Its process.
    pub(super) pid: i32,
    child: Option<Child>,
}

/// What `postmaster.pid` says, and the lock file beside a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PidFile {
    /// The process that wrote it.
    pub(super) pid: i32,
    /// Where its socket is, if it has one.
    pub(super) socket_folder: Option<PathBuf>,
}

impl PidFile {
    /// Reads a file; `None` when there is none, or none that makes sense.
    pub(super) fn read(path: &Path) -> Option<PidFile> {
        PidFile::parse(&fs::read_to_string(path).ok()?)
    }

    fn parse(text: &str) -> Option<PidFile> {
        let mut lines = text.lines();
        let pid = lines.next()?.trim().parse().ok().filter(|pid| *pid > 1)?;
        let folder = lines.nth(3).map(str::trim).filter(|line| !line.is_empty());
        Some(PidFile { pid, socket_folder: folder.map(PathBuf::from) })
    }
}

impl Postmaster {
    /// The server that this process has just started.
    pub(super) fn from_child(child: Child) -> Postmaster {
        Postmaster { pid: child.id().cast_signed(), child: Some(child) }
    }

    /// A server that was found running.
    pub(super) fn from_pid(pid: i32) -> Postmaster {
        Postmaster { pid, child: None }
    }

    /// Whether it still runs. Also collects a child that has ended.
    pub(super) fn is_alive(&mut self) -> bool {
        match &mut self.child {
            Some(child) => matches!(child.try_wait(), Ok(None)),
            None => processes::is_alive(self.pid),
        }
    }

    /// Waits until the server takes statements on its socket.
    ///
    /// # Errors  [`ClusterError::DidNotStart`] if it ends instead, [`ClusterError::NoAnswer`] if it takes too long.
    pub(super) async fn wait_until_ready(
        &mut self,
        socket_folder: &Path,
        log: &LogTail,
    ) -> Result<(), ClusterError> {
        let url = socket::build_url(socket_folder, "postgres");
        let begun = Instant::now();
        let mut next_report = Duration::from_secs(10);
        loop {
            let limit = match probe(&url).await {
                Probe::Ready => return Ok(()),
                Probe::Recovering => RECOVERY_LIMIT,
                Probe::Silent => SILENT_LIMIT,
            };
            if !self.is_alive() {
                return Err(log.explain_end());
            }
            let waited = begun.elapsed();
            if waited >= limit {
                let log = log.path.clone();
                return Err(ClusterError::NoAnswer {
                    pid: self.pid,
                    seconds: waited.as_secs(),
                    log,
                });
            }
            if waited >= next_report {
                next_report += Duration::from_secs(10);
                tracing::info!(waited_s = waited.as_secs(), "PostgreSQL is not ready yet");
            }
            sleep(POLL).await;
        }
    }

    /// Stops the server: running statements are cut off, a checkpoint is written. If that does not
    /// come to an end, it is stopped without the checkpoint; the next start then recovers.
    pub(super) async fn stop(&mut self) -> Result<(), ClusterError> {
        for (signal, limit) in [(Signal::SIGINT, FAST_STOP_LIMIT), (Signal::SIGQUIT, END_LIMIT)] {
            if self.is_alive() {
                let pid = self.pid;
                processes::send(pid, signal).map_err(|_| ClusterError::DidNotStop { pid })?;
            }
            if wait_until(limit, || !self.is_alive()).await {
                return Ok(());
            }
        }
        Err(ClusterError::DidNotStop { pid: self.pid })
    }
}

/// What the socket answers.
enum Probe {
    Ready,
    /// It is there and recovers, or shuts down.
    Recovering,
    Silent,
}

async fn probe(url: &str) -> Probe {
    let attempt = async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        tokio::select! {
            answer = client.simple_query("SELECT 1") => answer.map(|_| ()),
            end = connection => end,
        }
    };
    match tokio::time::timeout(Duration::from_secs(5), attempt).await {
        Ok(Ok(())) => Probe::Ready,
        Ok(Err(error)) if error.code() == Some(&SqlState::CANNOT_CONNECT_NOW) => Probe::Recovering,
        // Full, but there.
        Ok(Err(error)) if error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS) => Probe::Ready,
        Ok(Err(_)) | Err(_) => Probe::Silent,
    }
}

/// Ends the server processes that outlived their postmaster: they hold its shared memory, and a new
/// one does not start before they are gone. Most go by themselves; one in a long statement does not
/// look up. Nothing is lost: what they committed is in the log that the next start replays.
pub(super) async fn clear_orphans(cluster_name: &str, owner: u32) -> Result<(), ClusterError> {
    let find = || processes::find_orphans(cluster_name, owner);
    if wait_until(Duration::from_secs(1), || find().is_empty()).await {
        return Ok(());
    }
    for pid in find() {
        tracing::warn!(pid, "ending a server process that outlived its postmaster");
        processes::send(pid, Signal::SIGKILL).map_err(|_| ClusterError::DidNotStop { pid })?;
    }
    if wait_until(END_LIMIT, || find().is_empty()).await {
        return Ok(());
    }
    Err(ClusterError::DidNotStop { pid: find().first().copied().unwrap_or_default() })
}

async fn wait_until(limit: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    while !is_so() {
        if begun.elapsed() >= limit {
            return false;
        }
        sleep(POLL).await;
    }
    true
}

/// What the server has written to its log since a given moment.
#[derive(Debug)]
pub(super) struct LogTail {
    path: PathBuf,
    data_dir: PathBuf,
    from: u64,
}

impl LogTail {
    /// Begins at the present end of the log.
    pub(super) fn begin(folder: &super::folder::DataFolder) -> LogTail {
        let from = fs::metadata(&folder.log).map_or(0, |meta| meta.len());
        LogTail { path: folder.log.clone(), data_dir: folder.root.clone(), from }
    }

    /// Why the server ended, in its own last words.
    fn explain_end(&self) -> ClusterError {
        let said = self.read().unwrap_or_default();
        if said.contains("No space left on device") {
            return ClusterError::DiskFull(self.data_dir.clone());
        }
        let reason = said.lines().rev().find_map(|line| {
            ["FATAL:  ", "PANIC:  "].iter().find_map(|mark| Some(line.split_once(mark)?.1))
        });
        let detail = reason.or_else(|| said.lines().last()).unwrap_or("it said nothing").to_owned();
        ClusterError::DidNotStart { detail, log: self.path.clone() }
    }

    fn read(&self) -> std::io::Result<String> {
        let mut file = fs::File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.from))?;
        let mut bytes = Vec::new();
        file.take(64 * 1024).read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pid_file_gives_the_process_and_its_socket() {
        let text = "4711\n/data/postgres\n1790000000\n5432\n/run/desk\n\n  5432001  7\nready   \n";
        let read = PidFile::parse(text).unwrap();
        assert_eq!(read, PidFile { pid: 4711, socket_folder: Some("/run/desk".into()) });
    }

    #[test]
    fn a_cut_off_pid_file_is_read_as_far_as_it_goes() {
        assert_eq!(PidFile::parse("4711\n/data"), Some(PidFile { pid: 4711, socket_folder: None }));
        assert_eq!(PidFile::parse(""), None);
        assert_eq!(PidFile::parse("-1\n"), None);
    }
}

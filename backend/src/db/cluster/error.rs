//! What can go wrong with the private PostgreSQL, each as one sentence with the way out.

use std::{io, path::PathBuf};

/// Why the private PostgreSQL could not be started, watched or stopped.
///
/// The text is meant for the person at the terminal: it names what is wrong and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No folder of the usual ones holds `postgres` and `initdb`.
    #[error(
        "no PostgreSQL programs were found: install PostgreSQL {oldest} or newer (Debian: `apt-get install postgresql`), \
         put its bin folder on PATH, or name a running server in DATABASE_URL"
    )]
    NoBinaries {
        /// The oldest major version that has what the queries need.
        oldest: u32,
    },
    /// Root may not run PostgreSQL, and there is nobody else to run it as.
    #[error(
        "PostgreSQL refuses to run as root and there is no system user \"postgres\" to run it as: \
         create one (`useradd --system postgres`), or run this program as an ordinary user"
    )]
    NoSystemUser,
    /// Another process holds the lock of this data folder.
    #[error(
        "the data folder {} is in use by {}: stop that one first, or set CAMPUSDESK_DATA_DIR to another folder",
        data_dir.display(), name_holder(*pid)
    )]
    InUse {
        /// The folder both wanted.
        data_dir: PathBuf,
        /// The process that holds it, where it has said so.
        pid: Option<i32>,
    },
    /// The cluster was written by a PostgreSQL whose programs are not on this machine.
    #[error(
        "{} was written by PostgreSQL {written_by}, but this machine has only PostgreSQL {found}: \
         install postgresql-{written_by}, or move that folder away to begin with an empty desk",
        pgdata.display()
    )]
    WrongVersion {
        /// The cluster's folder.
        pgdata: PathBuf,
        /// The major version in its `PG_VERSION`, as written there.
        written_by: String,
        /// The major versions that were found, newest first.
        found: String,
    },
    /// The folder given is itself a PostgreSQL data folder, not ours.
    #[error(
        "{} is the data folder of a PostgreSQL server, which is not touched: set CAMPUSDESK_DATA_DIR to a folder \
         of its own, or name that server in DATABASE_URL",
        .0.display()
    )]
    ForeignFolder(PathBuf),
    /// The folder cannot be made or written.
    #[error(
        "the data folder {} cannot be written ({source}): give this user the right to, or set CAMPUSDESK_DATA_DIR \
         to another folder",
        path.display()
    )]
    NotWritable {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system user that runs PostgreSQL cannot get into the folder.
    #[error(
        "the user \"{user}\", who runs PostgreSQL because root may not, cannot enter {}: \
         set CAMPUSDESK_DATA_DIR to a folder that others may pass through, such as /var/lib/campusdesk",
        path.display()
    )]
    NotReachable {
        /// The cluster's folder.
        path: PathBuf,
        /// The system user's name.
        user: String,
    },
    /// The cluster belongs to somebody else.
    #[error(
        "{} belongs to the user with id {owner}, not to \"{user}\": run this program as its owner, \
         give it away with `chown -R {user}`, or set CAMPUSDESK_DATA_DIR to another folder",
        path.display()
    )]
    WrongOwner {
        /// The folder.
        path: PathBuf,
        /// Whose it is.
        owner: u32,
        /// Who wanted it.
        user: String,
    },
    /// No space is left.
    #[error("the disk that holds {} is full: make room there and start again", .0.display())]
    DiskFull(PathBuf),
    /// The C library does not know `C.UTF-8`.
    #[error(
        "this machine has no locale C.UTF-8, in which the desk keeps its texts: install it \
         (Debian: `apt-get install libc-bin`, Alpine: `musl-locales`), or name a UTF-8 server in DATABASE_URL"
    )]
    LocaleMissing,
    /// The socket's folder is not safe to use.
    #[error("the socket folder {} cannot be used, {reason}: remove it and start again", path.display())]
    SocketFolder {
        /// The folder.
        path: PathBuf,
        /// What speaks against it.
        reason: String,
    },
    /// `initdb` failed for another reason.
    #[error("initdb could not make a new cluster in {}: {detail}", pgdata.display())]
    Initdb {
        /// The folder it was to fill.
        pgdata: PathBuf,
        /// The last thing it said.
        detail: String,
    },
    /// The server ended before it answered.
    #[error("PostgreSQL ended while starting ({detail}): {} says more", log.display())]
    DidNotStart {
        /// The last thing it said.
        detail: String,
        /// Its log.
        log: PathBuf,
    },
    /// The server runs and does not answer.
    #[error(
        "PostgreSQL (process {pid}) has not answered within {seconds} s and goes on trying, {} says why: \
         start this program again later, which takes that server over",
        log.display()
    )]
    NoAnswer {
        /// The postmaster.
        pid: i32,
        /// How long it was waited for.
        seconds: u64,
        /// Its log.
        log: PathBuf,
    },
    /// The server did not end when told to.
    #[error("PostgreSQL (process {pid}) did not stop: end it with `kill -QUIT {pid}`")]
    DidNotStop {
        /// The postmaster.
        pid: i32,
    },
    /// The server answered with an error while the database was looked up or made.
    #[error("the private PostgreSQL refused to make the database")]
    Database(#[from] tokio_postgres::Error),
    /// A step failed in the operating system.
    #[error("could not {action} {} ({source}): see to its owner and rights, or set CAMPUSDESK_DATA_DIR to another folder", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl ClusterError {
    /// Names the step and the path that an operating system's error belongs to.
    pub(super) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl Fn(io::Error) -> ClusterError {
        let path = path.into();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                ClusterError::DiskFull(path.clone())
            }
            _ => ClusterError::Io { action, path: path.clone(), source },
        }
    }

    /// The same for making or opening something in the data folder.
    pub(super) fn not_writable(path: impl Into<PathBuf>) -> impl Fn(io::Error) -> ClusterError {
        let path = path.into();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                ClusterError::DiskFull(path.clone())
            }
            _ => ClusterError::NotWritable { path: path.clone(), source },
        }
    }
}

fn name_holder(pid: Option<i32>) -> String {
    match pid {
        Some(pid) => format!("another running desk (process {pid})"),
        None => "another running desk".to_owned(),
    }
}

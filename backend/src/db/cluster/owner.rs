//! Who runs PostgreSQL: this user, or a system user when this one is root.

use std::{
    fs,
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::Path,
    process::{Command, Stdio},
};

use nix::unistd::{Uid, User};

use super::ClusterError;

/// System users that a package makes for PostgreSQL, in the order they are tried.
const SYSTEM_USERS: [&str; 2] = ["postgres", "_postgres"];

/// What PostgreSQL needs of the environment. The rest stays out: it holds our secrets, and PG*
/// variables would redirect the server.
const KEPT_VARIABLES: [&str; 3] = ["PATH", "LD_LIBRARY_PATH", "TMPDIR"];

/// The user whom the cluster belongs to.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    /// The name, for messages.
    pub(super) name: String,
    /// The user id.
    pub(super) uid: u32,
    /// The primary group's id.
    pub(super) gid: u32,
    /// Whether children have to change to this user, because we are root.
    pub(super) differs: bool,
}

impl Owner {
    /// This user, or as root the one who owns the cluster already, or else the package's system user.
    ///
    /// # Errors  [`ClusterError::NoSystemUser`] for root on a machine without one.
    pub(super) fn choose(pgdata: &Path) -> Result<Owner, ClusterError> {
        let this = Uid::effective();
        if !this.is_root() {
            let name = User::from_uid(this).ok().flatten().map(|user| user.name);
            return Ok(Owner {
                name: name.unwrap_or_else(|| this.to_string()),
                uid: this.as_raw(),
                gid: nix::unistd::Gid::effective().as_raw(),
                differs: false,
            });
        }
        let present = fs::metadata(pgdata).ok().filter(|meta| meta.uid() != 0);
        let by_folder = present.and_then(|meta| User::from_uid(meta.uid().into()).ok().flatten());
        let user = by_folder
            .or_else(|| SYSTEM_USERS.iter().find_map(|name| User::from_name(name).ok().flatten()));
        let user = user.ok_or(ClusterError::NoSystemUser)?;
        Ok(Owner { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw(), differs: true })
    }

    /// A command that runs as this user, away from our terminal and with little of our environment.
    pub(super) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("LC_ALL", "C").stdin(Stdio::null());
        for name in KEPT_VARIABLES {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        // Our working folder may be closed to that user, which initdb takes for an error.
        command.current_dir("/");
        // A Ctrl-C at the terminal goes to the whole group in front: we stop the server ourselves,
        // after the last answer is out.
        command.process_group(0);
        if self.differs {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Gives a file or folder to this user; nothing to do unless we are root.
    pub(super) fn give(&self, path: &Path) -> Result<(), ClusterError> {
        if !self.differs {
            return Ok(());
        }
        std::os::unix::fs::lchown(path, Some(self.uid), Some(self.gid))
            .map_err(ClusterError::io("give away", path))
    }

    /// Whether this user can get at the folder and write in it.
    pub(super) fn can_write(&self, path: &Path) -> bool {
        self.command("/bin/sh")
            .args(["-c", "test -w \"$1\" && test -x \"$1\"", "sh"])
            .arg(path)
            .status()
            .is_ok_and(|status| status.success())
    }
}

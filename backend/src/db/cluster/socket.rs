//! The folder that holds the server's socket: short, private, and the same after every restart.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
};

use super::{ClusterError, owner::Owner};

/// PostgreSQL names the socket after its port; nothing listens on that port.
pub(super) const PORT: u16 = 5432;

/// What the kernel allows a socket's path (108 bytes with the closing zero).
const LONGEST_PATH: usize = 107;

/// The socket folder for a cluster of this name.
///
/// As root below /run, else in the login's runtime folder, else below /tmp with the user's id.
pub(super) fn choose_folder(cluster_name: &str, owner: &Owner) -> PathBuf {
    let by_login = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let usable = |base: &PathBuf| {
        let folder = base.join(cluster_name);
        let is_ours = fs::metadata(base).is_ok_and(|meta| meta.is_dir() && meta.uid() == owner.uid);
        base.is_absolute() && is_ours && socket_path(&folder).as_os_str().len() <= LONGEST_PATH
    };
    if owner.differs && Path::new("/run").is_dir() {
        return Path::new("/run").join(cluster_name);
    }
    match by_login.filter(|base| !owner.differs && usable(base)) {
        Some(base) => base.join(cluster_name),
        None => PathBuf::from(format!("/tmp/{cluster_name}-{}", owner.uid)),
    }
}

/// Where clients find the socket in its folder.
pub(super) fn socket_path(folder: &Path) -> PathBuf {
    folder.join(format!(".s.PGSQL.{PORT}"))
}

/// Where a server says that the socket is its own.
pub(super) fn lock_path(folder: &Path) -> PathBuf {
    folder.join(format!(".s.PGSQL.{PORT}.lock"))
}

/// Makes the folder, or checks that the one found is a real folder, the owner's, and closed to others:
/// below /tmp anybody could have put it there first and would then speak for our database.
pub(super) fn prepare_folder(folder: &Path, owner: &Owner) -> Result<(), ClusterError> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => return owner.give(folder),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(ClusterError::io("make", folder)(error)),
    }
    let refuse = |reason: String| ClusterError::SocketFolder { path: folder.to_owned(), reason };
    let meta = fs::symlink_metadata(folder).map_err(ClusterError::io("read", folder))?;
    if !meta.is_dir() {
        return Err(refuse("because it is no folder".to_owned()));
    }
    if owner.differs && meta.uid() == 0 {
        // Made by an earlier start that was cut off before it gave the folder away.
        return owner.give(folder);
    }
    if meta.uid() != owner.uid {
        return Err(refuse(format!("because it belongs to the user with id {}", meta.uid())));
    }
    if meta.mode() & 0o077 != 0 {
        return Err(refuse(format!(
            "because others may enter it (mode {:o})",
            meta.mode() & 0o777
        )));
    }
    Ok(())
}

/// A connection string that both libpq and tokio-postgres read.
pub(super) fn build_url(folder: &Path, database: &str) -> String {
    let host = encode(folder.as_os_str().as_encoded_bytes());
    let database = encode(database.as_bytes());
    format!("postgresql:///{database}?host={host}&port={PORT}&user={}", super::SUPERUSER)
}

/// Percent-encodes everything but the characters that never mean something else in a URL.
fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                text.push(char::from(*byte));
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::Host;

    use super::*;

    #[test]
    fn the_url_is_read_back_as_the_same_folder_and_database() {
        let url = build_url(Path::new("/tmp/a b&c"), "desk%1");
        let config: tokio_postgres::Config = url.parse().unwrap();
        assert_eq!(config.get_hosts(), [Host::Unix("/tmp/a b&c".into())]);
        assert_eq!(config.get_dbname(), Some("desk%1"));
        assert_eq!(config.get_user(), Some("campusdesk"));
    }

    #[test]
    fn a_folder_that_others_may_enter_is_refused() {
        let folder = std::env::temp_dir().join(format!("campusdesk-open-{}", std::process::id()));
        DirBuilder::new().mode(0o755).create(&folder).unwrap();
        let owner = Owner {
            name: "me".into(),
            uid: fs::metadata(&folder).unwrap().uid(),
            gid: 0,
            differs: false,
        };
        let refused = prepare_folder(&folder, &owner);
        fs::remove_dir(&folder).unwrap();
        assert!(refused.unwrap_err().to_string().contains("others may enter it (mode 755)"));
    }
}

//! The lock that makes one process the owner of a data folder.
//!
//! It is a `flock`, so the kernel gives it back however the owner ends; a stale file locks nobody out.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use super::ClusterError;

/// Held as long as this process owns the data folder.
#[derive(Debug)]
pub(super) struct ServeLock {
    _file: File,
}

impl ServeLock {
    /// Takes the folder for this process and writes its id into the lock file for others to read.
    ///
    /// # Errors  [`ClusterError::InUse`] while another process has it.
    pub(super) fn acquire(data_dir: &Path) -> Result<ServeLock, ClusterError> {
        let path = data_dir.join("serve.lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o644)
            .open(&path)
            .map_err(ClusterError::not_writable(data_dir))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                // Only to name it: the lock itself has already decided.
                let pid =
                    file.read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
                return Err(ClusterError::InUse { data_dir: data_dir.to_owned(), pid });
            }
            Err(TryLockError::Error(source)) => {
                return Err(ClusterError::io("lock", path)(source));
            }
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(ClusterError::io("write", path))?;
        Ok(ServeLock { _file: file })
    }
}

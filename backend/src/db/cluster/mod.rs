//! The private PostgreSQL of `serve` without a `DATABASE_URL`: made from the machine's own programs,
//! reachable through a socket in a closed folder only, and gone when the desk is stopped.
//!
//! | module | what |
//! |---|---|
//! | `binaries` | which PostgreSQL programs |
//! | `folder` | the data folder, initdb |
//! | `lock` | one desk per data folder |
//! | `owner` | who runs the server, since root may not |
//! | `settings` | how the server is set up |
//! | `socket` | where it is reached |
//! | `postmaster` | one run of it: start, take over, wait, stop |
//! | `processes` | which processes are there |
//! | `supervise` | start it again when it dies |
//!
//! The server is a child that outlives us on purpose: after a kill -9 of the desk it finishes what it
//! was doing, and the next desk takes it over through `postmaster.pid`.

mod binaries;
mod error;
mod folder;
mod lock;
mod owner;
mod postmaster;
mod processes;
mod settings;
mod socket;
mod supervise;

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, watch};

use self::{
    binaries::Binaries,
    folder::DataFolder,
    lock::ServeLock,
    owner::Owner,
    postmaster::{LogTail, PidFile, Postmaster},
};
pub use self::{binaries::find_binaries, error::ClusterError, folder::default_data_dir};

/// The database that the desk lives in.
pub const DATABASE: &str = "campusdesk";
/// The role that owns everything in the cluster.
const SUPERUSER: &str = "campusdesk";

/// A PostgreSQL server of our own, for one data folder, owned by this process.
///
/// Dropping it gives the folder back and leaves the server running, as a kill -9 does;
/// [`PrivateCluster::stop`] is the orderly end.
#[derive(Debug)]
pub struct PrivateCluster {
    folder: DataFolder,
    owner: Owner,
    binaries: Binaries,
    name: String,
    socket_folder: PathBuf,
    flags: Vec<String>,
    is_up: AtomicBool,
    stopping: watch::Sender<bool>,
    state: Mutex<State>,
}

/// What changes while the cluster runs.
#[derive(Debug)]
struct State {
    postmaster: Option<Postmaster>,
    lock: Option<ServeLock>,
}

impl PrivateCluster {
    /// Makes the cluster if the folder holds none, starts its server or takes over the one that an
    /// earlier desk left running, and waits until it answers and the database is there.
    ///
    /// # Errors  [`ClusterError`], each with a sentence on the way out.
    pub async fn start(data_dir: &Path) -> Result<PrivateCluster, ClusterError> {
        PrivateCluster::start_with(data_dir, &[]).await
    }

    /// As [`PrivateCluster::start`], with further server settings as (name, value), which win over ours.
    ///
    /// # Errors  As [`PrivateCluster::start`].
    pub async fn start_with(
        data_dir: &Path,
        settings: &[(String, String)],
    ) -> Result<PrivateCluster, ClusterError> {
        let folder = DataFolder::open(data_dir)?;
        let lock = ServeLock::acquire(&folder.root)?;
        let owner = Owner::choose(&folder.pgdata)?;
        let binaries = folder.prepare(&owner).await?;
        let name = name_cluster(&folder.root);
        let socket_folder = find_running(&folder.pgdata)
            .and_then(|running| running.socket_folder)
            .unwrap_or_else(|| socket::choose_folder(&name, &owner));
        let compression = settings::find_compression(&binaries, &owner, &folder.pgdata).await;
        let cluster = PrivateCluster {
            flags: settings::build_flags(&name, &socket_folder, compression, settings),
            folder,
            owner,
            binaries,
            name,
            socket_folder,
            is_up: AtomicBool::new(false),
            stopping: watch::Sender::new(false),
            state: Mutex::new(State { postmaster: None, lock: Some(lock) }),
        };
        cluster.run(&mut *cluster.state.lock().await).await?;
        if let Err(error) = cluster.ensure_database().await {
            cluster.stop().await?;
            return Err(error);
        }
        Ok(cluster)
    }

    /// The connection string of a database in this cluster.
    pub fn url(&self, database: &str) -> String {
        socket::build_url(&self.socket_folder, database)
    }

    /// The connection string of a database in the cluster that a running desk holds; `None` if none runs there.
    /// For commands beside `serve`, which neither start nor stop that server.
    ///
    /// # Errors  [`ClusterError`] if the folder cannot be read.
    pub fn find_running_url(
        data_dir: &Path,
        database: &str,
    ) -> Result<Option<String>, ClusterError> {
        let folder = DataFolder::open(data_dir)?;
        let socket_folder = find_running(&folder.pgdata).and_then(|running| running.socket_folder);
        Ok(socket_folder.map(|socket_folder| socket::build_url(&socket_folder, database)))
    }

    /// Whether the server took connections when last looked at. Kept true to life by
    /// [`PrivateCluster::supervise`].
    pub fn is_up(&self) -> bool {
        self.is_up.load(Ordering::Relaxed)
    }

    /// The process id of the server, `None` after it was stopped.
    pub async fn postmaster_pid(&self) -> Option<i32> {
        self.state.lock().await.postmaster.as_ref().map(|postmaster| postmaster.pid)
    }

    /// Stops the server, waits until it is gone and gives the data folder back.
    ///
    /// # Errors  [`ClusterError::DidNotStop`] if it does not end.
    pub async fn stop(&self) -> Result<(), ClusterError> {
        // First, so that the watcher neither holds the state nor starts the server again.
        self.stopping.send_replace(true);
        let mut state = self.state.lock().await;
        self.set_up(false);
        if let Some(postmaster) = &mut state.postmaster {
            postmaster.stop().await?;
        }
        state.postmaster = None;
        // It is empty by now, and found again by its name; one that is not empty stays.
        drop(std::fs::remove_dir(&self.socket_folder));
        state.lock = None;
        Ok(())
    }

    /// Brings the server up: takes over the running one, or clears what a dead one left and starts anew.
    async fn run(&self, state: &mut State) -> Result<(), ClusterError> {
        let log = LogTail::begin(&self.folder);
        if let Some(running) = find_running(&self.folder.pgdata) {
            let known = state.postmaster.take().filter(|postmaster| postmaster.pid == running.pid);
            let postmaster = known.unwrap_or_else(|| {
                tracing::info!(
                    pid = running.pid,
                    "taking over the PostgreSQL that is already running"
                );
                Postmaster::from_pid(running.pid)
            });
            let postmaster = state.postmaster.insert(postmaster);
            match postmaster.wait_until_ready(&self.socket_folder, &log).await {
                Ok(()) => {
                    self.set_up(true);
                    return Ok(());
                }
                // It was on its way out.
                Err(ClusterError::DidNotStart { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        state.postmaster = None;
        postmaster::clear_orphans(&self.name, self.owner.uid).await?;
        socket::prepare_folder(&self.socket_folder, &self.owner)?;
        remove_if_misleading(&pid_file(&self.folder.pgdata))?;
        remove_if_misleading(&socket::lock_path(&self.socket_folder))?;
        let postmaster = state.postmaster.insert(self.launch()?);
        postmaster.wait_until_ready(&self.socket_folder, &log).await?;
        self.set_up(true);
        Ok(())
    }

    fn launch(&self) -> Result<Postmaster, ClusterError> {
        let program = self.binaries.program("postgres");
        let log = self.folder.open_log()?;
        let copy = log.try_clone().map_err(ClusterError::io("open", &self.folder.log))?;
        let mut command = self.owner.command(&program);
        command.arg("-D").arg(&self.folder.pgdata).args(&self.flags).stdout(copy).stderr(log);
        let child = command.spawn().map_err(ClusterError::io("run", program))?;
        Ok(Postmaster::from_child(child))
    }

    async fn ensure_database(&self) -> Result<(), ClusterError> {
        let (client, connection) =
            tokio_postgres::connect(&self.url("postgres"), tokio_postgres::NoTls).await?;
        let work = async {
            let found = client
                .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&DATABASE])
                .await?;
            if found.is_none() {
                client.batch_execute(&format!("CREATE DATABASE {DATABASE}")).await?;
            }
            Ok(())
        };
        tokio::select! {
            done = work => done,
            ended = connection => ended.map_err(ClusterError::from),
        }
    }

    fn set_up(&self, is_up: bool) {
        self.is_up.store(is_up, Ordering::Relaxed);
    }
}

/// PostgreSQL takes any living process of the number in a lock file for a running server, also one that got the number
/// later or waits to be collected (in a container whose first process collects nobody, it waits for ever). A file
/// of a server that is gone stays: by it PostgreSQL checks that the old shared memory is free.
fn remove_if_misleading(path: &Path) -> Result<(), ClusterError> {
    let misleads = PidFile::read(path).is_some_and(|file| {
        Path::new(&format!("/proc/{}", file.pid)).exists() && !processes::is_server(file.pid)
    });
    if misleads {
        std::fs::remove_file(path).map_err(ClusterError::io("remove", path))?;
    }
    Ok(())
}

/// The postmaster of this cluster, if one runs.
fn find_running(pgdata: &Path) -> Option<PidFile> {
    PidFile::read(&pid_file(pgdata)).filter(|file| processes::is_postmaster_of(file.pid, pgdata))
}

fn pid_file(pgdata: &Path) -> PathBuf {
    pgdata.join("postmaster.pid")
}

/// A short name that a restart derives again from the same folder.
fn name_cluster(data_dir: &Path) -> String {
    let digest = Sha256::digest(data_dir.as_os_str().as_encoded_bytes());
    let hash: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("campusdesk-{hash}")
}

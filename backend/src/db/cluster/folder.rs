//! The data folder and the making of a new cluster in it.
//!
//! ```text
//! <data_dir>/               ours
//!   serve.lock              which process owns the folder
//!   postgres/               the cluster; as root it belongs to the system user
//!   postgres.new/           one that initdb has not finished
//!   postgres.log[.1]        what the server says
//!   photos/                 photos, see `crate::photos`; nothing of the cluster
//! ```
//! As root the outer folder stays root's: a server that was taken over could otherwise put links in
//! our way, and root would follow them.

use std::{
    fs::{self, DirBuilder, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
};

use super::{
    ClusterError, SUPERUSER,
    binaries::{self, Binaries},
    owner::Owner,
};

/// Above this size the log starts anew with the server, and the last one is kept beside it.
const LONGEST_LOG_BYTES: u64 = 10 * 1024 * 1024;

/// Where the private cluster is kept when nobody says otherwise: /var/lib/campusdesk for root, who has
/// no home that a system user may enter, else `$XDG_DATA_HOME/campusdesk` or `~/.local/share/campusdesk`.
pub fn default_data_dir() -> PathBuf {
    if nix::unistd::Uid::effective().is_root() {
        return PathBuf::from("/var/lib/campusdesk");
    }
    let absolute =
        |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
        .map_or_else(|| PathBuf::from("/var/lib/campusdesk"), |base| base.join("campusdesk"))
}

/// The paths inside one data folder.
#[derive(Debug, Clone)]
pub(super) struct DataFolder {
    /// The folder itself, with links resolved: it is what the cluster's name is derived from.
    pub(super) root: PathBuf,
    /// The cluster, `PGDATA` to PostgreSQL.
    pub(super) pgdata: PathBuf,
    /// The server's log.
    pub(super) log: PathBuf,
}

impl DataFolder {
    /// Opens the folder and makes it first if it is missing.
    ///
    /// # Errors  [`ClusterError::NotWritable`], [`ClusterError::ForeignFolder`].
    pub(super) fn open(path: &Path) -> Result<DataFolder, ClusterError> {
        let refuse = ClusterError::not_writable(path);
        let is_root = nix::unistd::Uid::effective().is_root();
        let mode = if is_root { 0o755 } else { 0o700 };
        DirBuilder::new().recursive(true).mode(mode).create(path).map_err(&refuse)?;
        let root = path.canonicalize().map_err(&refuse)?;
        if root.join("PG_VERSION").exists() {
            return Err(ClusterError::ForeignFolder(root));
        }
        if is_root && holds_only_ours(&root).map_err(&refuse)? {
            let mode = fs::metadata(&root).map_err(&refuse)?.mode() | 0o011;
            // What `mktemp -d` made is closed to the system user, who has to pass through, no more.
            fs::set_permissions(&root, Permissions::from_mode(mode)).map_err(&refuse)?;
        }
        Ok(DataFolder { pgdata: root.join("postgres"), log: root.join("postgres.log"), root })
    }

    /// The version that the cluster was written by, `None` while there is no cluster.
    pub(super) fn read_version(&self) -> Result<Option<String>, ClusterError> {
        match fs::read_to_string(self.pgdata.join("PG_VERSION")) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ClusterError::io("read", self.pgdata.clone())(error)),
        }
    }

    /// Picks the programs that can open the cluster and makes a new one if there is none.
    pub(super) async fn prepare(&self, owner: &Owner) -> Result<Binaries, ClusterError> {
        match self.read_version()? {
            Some(written_by) => {
                let found = binaries::find_matching(&self.pgdata, &written_by)?;
                self.check_access(&self.pgdata, owner)?;
                Ok(found)
            }
            None => {
                let found = binaries::find_newest()?;
                self.create_cluster(&found, owner).await?;
                Ok(found)
            }
        }
    }

    /// Runs initdb beside the final place and moves the result there, so that one cut off halfway is
    /// never taken for a cluster.
    async fn create_cluster(&self, found: &Binaries, owner: &Owner) -> Result<(), ClusterError> {
        let unfinished = self.root.join("postgres.new");
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished).map_err(ClusterError::io("remove", &unfinished))?;
        }
        DirBuilder::new()
            .mode(0o700)
            .create(&unfinished)
            .map_err(ClusterError::not_writable(&self.root))?;
        owner.give(&unfinished)?;
        self.check_access(&unfinished, owner)?;
        tracing::info!(folder = %self.pgdata.display(), postgresql = found.major, "making a new database cluster");
        let mut command = owner.command(found.program("initdb"));
        command
            .args(["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust"])
            .arg(format!("--username={SUPERUSER}"))
            .arg("-D")
            .arg(&unfinished);
        let output = tokio::process::Command::from(command)
            .output()
            .await
            .map_err(ClusterError::io("run", found.program("initdb")))?;
        if !output.status.success() {
            return Err(self.explain_initdb(&String::from_utf8_lossy(&output.stderr)));
        }
        fs::rename(&unfinished, &self.pgdata).map_err(ClusterError::io("move", &unfinished))
    }

    fn explain_initdb(&self, said: &str) -> ClusterError {
        if said.contains("No space left on device") {
            return ClusterError::DiskFull(self.root.clone());
        }
        if said.contains("invalid locale") {
            return ClusterError::LocaleMissing;
        }
        let error = said.lines().find_map(|line| line.strip_prefix("initdb: error: "));
        let detail = error.or_else(|| said.lines().last()).unwrap_or("it said nothing").to_owned();
        ClusterError::Initdb { pgdata: self.pgdata.clone(), detail }
    }

    /// Checks that the user who runs the server owns the cluster and gets at it.
    fn check_access(&self, pgdata: &Path, owner: &Owner) -> Result<(), ClusterError> {
        let meta = fs::metadata(pgdata).map_err(ClusterError::io("read", pgdata))?;
        if meta.uid() != owner.uid {
            let (path, user) = (pgdata.to_owned(), owner.name.clone());
            return Err(ClusterError::WrongOwner { path, owner: meta.uid(), user });
        }
        if owner.differs && !owner.can_write(pgdata) {
            let (path, user) = (pgdata.to_owned(), owner.name.clone());
            return Err(ClusterError::NotReachable { path, user });
        }
        Ok(())
    }

    /// Opens the server's log for adding to it.
    pub(super) fn open_log(&self) -> Result<fs::File, ClusterError> {
        use std::os::unix::fs::OpenOptionsExt;
        if fs::metadata(&self.log).is_ok_and(|meta| meta.len() > LONGEST_LOG_BYTES) {
            let kept = self.log.with_extension("log.1");
            fs::rename(&self.log, &kept).map_err(ClusterError::io("move", &self.log))?;
        }
        fs::OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&self.log)
            .map_err(ClusterError::not_writable(&self.log))
    }
}

/// Whether nobody else keeps anything in the folder, so that it may be opened a little.
fn holds_only_ours(root: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(root)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        let is_ours = ["serve.lock", "postgres", "photos"].contains(&&*name);
        if !is_ours && !name.starts_with("postgres.") {
            return Ok(false);
        }
    }
    Ok(true)
}

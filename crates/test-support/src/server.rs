//! The server of one test process: a copy of a cluster that was made and migrated once.
//!
//! ```text
//! target/test-postgres/
//!   template.lock            held while the template is made or copied
//!   template-<hash>/         a migrated cluster; the hash covers the migrations and the PostgreSQL
//!   run-<process id>/        the copy that one test process works on
//! ```
//! A shell waits on a pipe from the test process. The pipe closes when the process ends, also by a
//! panic, a Ctrl-C or a kill -9; the shell then ends the server and removes the copy.

use std::{
    fs::{self, File},
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, ensure};
use backend::db::{
    cluster::{PrivateCluster, find_binaries},
    migrate,
};
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

/// The migrated database that every test database is cloned from.
pub(crate) const TEMPLATE: &str = "desk_template";

/// Settings that differ from the real thing, with the reason for each.
const SETTINGS: [(&str, &str); 6] = [
    // Nothing of a test has to survive a power cut. `synchronous_commit` stays on, as in the real thing.
    ("fsync", "off"),
    ("full_page_writes", "off"),
    // A worker in any database of the server would hold the change feed back at random moments.
    ("autovacuum", "off"),
    // Several tests run at once, each with pools of its own.
    ("max_connections", "200"),
    ("shared_buffers", "64MB"),
    ("max_wal_size", "4GB"),
];

/// Ends the server of the folder `$1` and removes it, once nobody holds the other end of stdin. The
/// process is looked at first, since its number may belong to another by then.
const CLEAN_UP: &str = r#"
read -r _
# A function has parameters of its own.
folder=$1
pid=$(head -n 1 "$folder/postgres/postmaster.pid" 2>/dev/null)
socket=$(sed -n 5p "$folder/postgres/postmaster.pid" 2>/dev/null)
is_ours() { tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "-D $folder/postgres "; }
if [ -n "$pid" ] && is_ours; then
    kill -QUIT "$pid"
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        is_ours || break
        sleep 0.3
    done
fi
case "$socket" in */campusdesk-*) rm -rf "$socket" ;; esac
rm -rf "$folder"
"#;

/// The server of this process; started by the first test that asks.
///
/// # Errors  If there is no PostgreSQL, or the template cannot be made.
pub async fn start_once() -> anyhow::Result<&'static PrivateCluster> {
    static SERVER: OnceCell<Server> = OnceCell::const_new();
    Ok(&SERVER.get_or_try_init(Server::start).await?.cluster)
}

struct Server {
    cluster: PrivateCluster,
    /// Its stdin is the pipe that closes with this process.
    _cleaner: Child,
}

impl Server {
    async fn start() -> anyhow::Result<Server> {
        let base = choose_base()?;
        // Held until the copy is made and locked by its server, so that no other process sweeps it away.
        let lock = lock_base(&base).await?;
        let template = base.join(format!("template-{}", hash_template()?));
        sweep(&base, &template)?;
        if !template.exists() {
            make_template(&base, &template).await?;
        }
        let run = base.join(format!("run-{}", std::process::id()));
        fs::create_dir_all(&run)?;
        let cleaner = spawn_cleaner(&run, Stdio::piped())?;
        copy_folder(&template.join("postgres"), &run.join("postgres"))?;
        let cluster = PrivateCluster::start_with(&run, &settings()).await?;
        drop(lock);
        // Nothing to do, unless the template is from before this program was built.
        migrate::run(&cluster.url(TEMPLATE)).await?;
        Ok(Server { cluster, _cleaner: cleaner })
    }
}

/// The folder for all this: below target/, or where the system user can get at it when root runs the
/// tests in a folder closed to others.
fn choose_base() -> anyhow::Result<PathBuf> {
    let workspace = find_workspace()?;
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| workspace.join("target"), |dir| workspace.join(dir));
    let is_root = nix::unistd::Uid::effective().is_root();
    let is_open = |dir: &Path| fs::metadata(dir).is_ok_and(|meta| meta.mode() & 0o001 != 0);
    let base = if is_root
        && !workspace.ancestors().chain(target.ancestors()).filter(|dir| dir.exists()).all(is_open)
    {
        let hash = hash_bytes(workspace.as_os_str().as_encoded_bytes());
        PathBuf::from(format!("/var/tmp/campusdesk-test-postgres-{hash}"))
    } else {
        target.join("test-postgres")
    };
    fs::create_dir_all(&base).with_context(|| format!("cannot make {}", base.display()))?;
    let owner = fs::symlink_metadata(&base)?;
    let is_ours = owner.is_dir() && owner.uid() == nix::unistd::Uid::effective().as_raw();
    ensure!(is_ours, "{} belongs to somebody else: remove it", base.display());
    Ok(base.canonicalize()?)
}

fn find_workspace() -> anyhow::Result<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .find(|dir| dir.join("migrations").is_dir())
        .map(Path::to_owned)
        .context("the workspace that these tests were built in is gone")
}

async fn lock_base(base: &Path) -> anyhow::Result<File> {
    let path = base.join("template.lock");
    let locked = tokio::task::spawn_blocking(move || {
        let file = File::options().create(true).truncate(false).write(true).open(path)?;
        file.lock()?;
        Ok::<_, std::io::Error>(file)
    });
    Ok(locked.await??)
}

/// Covers what a template is made of, so that a changed migration makes another one.
fn hash_template() -> anyhow::Result<String> {
    let bin_dir = find_binaries()?;
    let version = Command::new(bin_dir.join("postgres")).arg("--version").output()?.stdout;
    let mut hasher = Sha256::new_with_prefix(version);
    hasher.update(bin_dir.as_os_str().as_encoded_bytes());
    let mut folders = list(&find_workspace()?.join("migrations"))?;
    folders.sort();
    for folder in folders.iter().filter(|path| path.is_dir()) {
        let mut files = list(folder)?;
        files.sort();
        for file in files {
            hasher.update(file.file_name().unwrap_or_default().as_encoded_bytes());
            hasher.update(fs::read(&file)?);
        }
    }
    Ok(shorten(&hasher.finalize()))
}

fn list(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}

fn hash_bytes(bytes: &[u8]) -> String {
    shorten(&Sha256::digest(bytes))
}

fn shorten(digest: &[u8]) -> String {
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Removes templates of other migrations, and copies whose process and cleaner were both killed.
fn sweep(base: &Path, template: &Path) -> anyhow::Result<()> {
    for path in list(base)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("template-") && path != template {
            fs::remove_dir_all(&path)?;
        }
        if name.starts_with("run-") && is_abandoned(&path) {
            spawn_cleaner(&path, Stdio::null())?.wait()?;
        }
    }
    Ok(())
}

fn is_abandoned(run: &Path) -> bool {
    File::open(run.join("serve.lock")).map_or(true, |file| file.try_lock().is_ok())
}

async fn make_template(base: &Path, template: &Path) -> anyhow::Result<()> {
    let unfinished = base.join("template-unfinished");
    if unfinished.exists() {
        spawn_cleaner(&unfinished, Stdio::null())?.wait()?;
    }
    fs::create_dir_all(&unfinished)?;
    let cleaner = spawn_cleaner(&unfinished, Stdio::piped())?;
    let cluster = PrivateCluster::start_with(&unfinished, &settings()).await?;
    let (admin, connection) =
        tokio_postgres::connect(&cluster.url("postgres"), tokio_postgres::NoTls).await?;
    let connection = tokio::spawn(connection);
    admin.batch_execute(&format!("CREATE DATABASE {TEMPLATE}")).await?;
    drop(admin);
    connection.await??;
    migrate::run(&cluster.url(TEMPLATE)).await?;
    cluster.stop().await?;
    fs::rename(&unfinished, template)?;
    // It finds nothing to remove any more.
    wait_for(cleaner)
}

/// Starts the shell that clears the folder away when `stdin` closes. It gets a process group of its
/// own, since a Ctrl-C at the terminal would otherwise end it before its work is done.
fn spawn_cleaner(folder: &Path, stdin: Stdio) -> anyhow::Result<Child> {
    Command::new("/bin/sh")
        .args(["-c", CLEAN_UP, "clean-up"])
        .arg(folder)
        .current_dir("/")
        .stdin(stdin)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .context("cannot start the shell that cleans up")
}

fn wait_for(mut cleaner: Child) -> anyhow::Result<()> {
    drop(cleaner.stdin.take());
    cleaner.wait()?;
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    // As root the files belong to a system user and must go on doing so.
    let status = Command::new("cp").args(["-Rp"]).arg(from).arg(to).status()?;
    ensure!(status.success(), "cannot copy {}", from.display());
    Ok(())
}

fn settings() -> Vec<(String, String)> {
    SETTINGS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

//! The private PostgreSQL with real servers: it starts, keeps its data, comes back after a kill -9 of
//! either side, and is never owned by two.

#![expect(clippy::unwrap_used, reason = "the helpers of a test may panic as its body does")]

use std::{
    fs,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use backend::db::cluster::{ClusterError, DATABASE, PrivateCluster};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio_postgres::{Client, NoTls};

/// Tells a second copy of this test binary which folder to serve.
const CHILD_FOLDER: &str = "CAMPUSDESK_TEST_CHILD_FOLDER";

/// How often a condition is looked at.
const POLL: Duration = Duration::from_millis(10);

/// A folder of its own for each test; whatever runs in it ends with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("campusdesk-cluster-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::DirBuilder::new().mode(0o700).create(&path).unwrap();
        Folder(path)
    }

    fn pgdata(&self) -> PathBuf {
        self.0.join("postgres")
    }

    fn pid_file(&self) -> PathBuf {
        self.pgdata().join("postmaster.pid")
    }

    fn server_pid(&self) -> i32 {
        let text = fs::read_to_string(self.pid_file()).unwrap();
        text.lines().next().unwrap().parse().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let text = fs::read_to_string(self.pid_file()).unwrap_or_default();
        let pid = text.lines().next().and_then(|line| line.parse().ok());
        if let Some(pid) = pid.filter(|pid| *pid != std::process::id().cast_signed()) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGQUIT);
            wait_for("the server's end", || !self.pid_file().exists());
        }
        if let Some(socket_folder) = text.lines().nth(4).filter(|line| line.contains("campusdesk-"))
        {
            let _ = fs::remove_dir_all(socket_folder);
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Waits for something that a process does; the limit only ends a test that would hang.
fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what} did not come");
        std::thread::park_timeout(POLL);
    }
}

async fn wait_until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let begun = Instant::now();
    let mut ticks = tokio::time::interval(POLL);
    while !is_so().await {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what} did not come");
        ticks.tick().await;
    }
}

async fn connect(cluster: &PrivateCluster) -> Client {
    let (client, connection) =
        tokio_postgres::connect(&cluster.url(DATABASE), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn read_setting(client: &Client, name: &str) -> String {
    client.query_one("SELECT current_setting($1)", &[&name]).await.unwrap().get(0)
}

fn kill_hard(pid: i32) {
    kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
}

#[tokio::test]
async fn an_empty_folder_becomes_a_database_that_answers_and_commits_for_good() {
    let folder = Folder::new();
    let cluster = PrivateCluster::start(&folder.0).await.unwrap();
    assert!(cluster.is_up());
    let client = connect(&cluster).await;
    for (name, value) in [
        ("server_encoding", "UTF8"),
        ("lc_collate", "C.UTF-8"),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("listen_addresses", ""),
        ("TimeZone", "UTC"),
    ] {
        assert_eq!(read_setting(&client, name).await, value, "{name}");
    }
    cluster.stop().await.unwrap();
    assert!(!cluster.is_up());
    assert!(!folder.pid_file().exists());
}

#[tokio::test]
async fn only_the_owner_may_enter_the_cluster_and_its_socket_folder() {
    let folder = Folder::new();
    let cluster = PrivateCluster::start(&folder.0).await.unwrap();
    let socket_folder = read_setting(&connect(&cluster).await, "unix_socket_directories").await;
    let socket_folder = socket_folder.trim_matches('"');
    for path in [folder.pgdata().as_path(), Path::new(socket_folder)] {
        assert_eq!(fs::metadata(path).unwrap().mode() & 0o777, 0o700, "{}", path.display());
    }
    assert!(socket_folder.len() <= 80, "{socket_folder}");
    cluster.stop().await.unwrap();
    assert!(!Path::new(socket_folder).exists());
}

#[tokio::test]
async fn a_second_start_finds_the_data_of_the_first() {
    let folder = Folder::new();
    let first = PrivateCluster::start(&folder.0).await.unwrap();
    let make = "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)";
    connect(&first).await.batch_execute(make).await.unwrap();
    first.stop().await.unwrap();

    let second = PrivateCluster::start(&folder.0).await.unwrap();
    let row = connect(&second).await.query_one("SELECT n FROM kept", &[]).await.unwrap();
    assert_eq!(row.get::<_, i32>(0), 42);
    second.stop().await.unwrap();
}

#[tokio::test]
async fn a_killed_server_is_started_again_even_with_a_statement_still_running() {
    let folder = Folder::new();
    let cluster = Arc::new(PrivateCluster::start(&folder.0).await.unwrap());
    let watcher = tokio::spawn(Arc::clone(&cluster).supervise());
    let first = cluster.postmaster_pid().await.unwrap();
    let busy = connect(&cluster).await;
    let busy =
        tokio::spawn(async move { busy.batch_execute("DO 'BEGIN LOOP END LOOP; END'").await });
    let other = connect(&cluster).await;
    wait_until("the long statement", || async {
        let running = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO %'";
        other.query_opt(running, &[]).await.unwrap().is_some()
    })
    .await;

    kill_hard(first);
    wait_until("another server", || async { cluster.postmaster_pid().await != Some(first) }).await;
    wait_until("its answer", || async { cluster.is_up() }).await;
    connect(&cluster).await.batch_execute("SELECT 1").await.unwrap();
    assert!(busy.await.unwrap().is_err(), "the statement ended with its server");

    cluster.stop().await.unwrap();
    watcher.await.unwrap();
    assert!(!folder.pid_file().exists());
}

#[tokio::test]
async fn a_server_whose_socket_was_swept_away_is_started_again() {
    let folder = Folder::new();
    let cluster = Arc::new(PrivateCluster::start(&folder.0).await.unwrap());
    let first = cluster.postmaster_pid().await;
    let socket_folder = read_setting(&connect(&cluster).await, "unix_socket_directories").await;
    let watcher = tokio::spawn(Arc::clone(&cluster).supervise());
    fs::remove_dir_all(socket_folder.trim_matches('"')).unwrap();
    wait_until("another server", || async { cluster.postmaster_pid().await != first }).await;
    connect(&cluster).await.batch_execute("SELECT 1").await.unwrap();
    cluster.stop().await.unwrap();
    watcher.await.unwrap();
}

/// Not a test of its own: `a_server_outlives…` starts it as another process and kills that.
#[tokio::test]
#[ignore = "the process that another test kills"]
async fn serve_until_killed() {
    let Some(path) = std::env::var_os(CHILD_FOLDER) else { return };
    let cluster = Arc::new(PrivateCluster::start(Path::new(&path)).await.unwrap());
    println!("serving");
    cluster.supervise().await;
}

/// Another process that serves the folder; its server is ready.
fn start_child(folder: &Folder) -> Child {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "serve_until_killed"])
        .env(CHILD_FOLDER, &folder.0)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    wait_for("the other process to hold the folder", || {
        fs::read_to_string(folder.pid_file()).is_ok_and(|text| text.contains("ready"))
    });
    child
}

#[tokio::test]
async fn a_server_outlives_a_kill_of_the_desk_and_is_taken_over() {
    let folder = Folder::new();
    let mut child = start_child(&folder);
    let mut seen = None;
    match PrivateCluster::start(&folder.0).await {
        Err(ClusterError::InUse { pid, .. }) => seen = pid.or(seen),
        other => panic!("{other:?}"),
    }
    assert_eq!(seen, Some(child.id().cast_signed()));

    child.kill().unwrap();
    child.wait().unwrap();
    let server = folder.server_pid();
    let cluster = Arc::new(PrivateCluster::start(&folder.0).await.unwrap());
    assert_eq!(cluster.postmaster_pid().await, Some(server));

    let watcher = tokio::spawn(Arc::clone(&cluster).supervise());
    kill_hard(server);
    wait_until("another server", || async { cluster.postmaster_pid().await != Some(server) }).await;
    wait_until("its answer", || async { cluster.is_up() }).await;
    cluster.stop().await.unwrap();
    watcher.await.unwrap();
}

#[tokio::test]
async fn a_killed_server_that_nobody_collects_does_not_keep_the_next_from_starting() {
    // As in a container whose first process collects nobody: what loses its parent becomes ours, and stays a zombie.
    nix::sys::prctl::set_child_subreaper(true).unwrap();
    let folder = Folder::new();
    let mut child = start_child(&folder);
    child.kill().unwrap();
    child.wait().unwrap();
    let server = folder.server_pid();
    kill_hard(server);
    let state = format!("/proc/{server}/stat");
    wait_for("the zombie", || fs::read_to_string(&state).unwrap().contains(") Z "));

    let cluster = PrivateCluster::start(&folder.0).await.unwrap();
    connect(&cluster).await.batch_execute("SELECT 1").await.unwrap();
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn the_second_desk_on_a_folder_is_told_who_has_it_and_leaves_the_server_alone() {
    let folder = Folder::new();
    let first = PrivateCluster::start(&folder.0).await.unwrap();
    let refused = PrivateCluster::start(&folder.0).await.unwrap_err().to_string();
    assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
    assert!(refused.contains("CAMPUSDESK_DATA_DIR"), "{refused}");
    connect(&first).await.batch_execute("SELECT 1").await.unwrap();
    first.stop().await.unwrap();
}

#[tokio::test]
async fn a_pid_file_of_a_process_that_is_no_server_does_not_keep_it_from_starting() {
    let folder = Folder::new();
    PrivateCluster::start(&folder.0).await.unwrap().stop().await.unwrap();
    for stale in [std::process::id(), 4_000_000] {
        let text =
            format!("{stale}\n{}\n1\n5432\n/nowhere\n\n1 1\nready\n", folder.pgdata().display());
        fs::write(folder.pid_file(), text).unwrap();
        let cluster = PrivateCluster::start(&folder.0).await.unwrap();
        assert_ne!(cluster.postmaster_pid().await, Some(stale.cast_signed()));
        cluster.stop().await.unwrap();
    }
}

#[tokio::test]
async fn an_initdb_that_was_cut_off_is_begun_again() {
    let folder = Folder::new();
    fs::create_dir(folder.0.join("postgres.new")).unwrap();
    fs::write(folder.0.join("postgres.new/PG_VERSION"), "15\n").unwrap();
    let cluster = PrivateCluster::start(&folder.0).await.unwrap();
    assert!(!folder.0.join("postgres.new").exists());
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_cluster_of_another_version_is_refused_and_kept_as_it_is() {
    let folder = Folder::new();
    fs::create_dir(folder.pgdata()).unwrap();
    fs::write(folder.pgdata().join("PG_VERSION"), "9\n").unwrap();
    let refused = PrivateCluster::start(&folder.0).await.unwrap_err();
    assert!(matches!(refused, ClusterError::WrongVersion { .. }), "{refused:?}");
    let text = refused.to_string();
    assert!(text.contains("install postgresql-9") && text.contains("move that folder"), "{text}");
    assert_eq!(fs::read_to_string(folder.pgdata().join("PG_VERSION")).unwrap(), "9\n");
}

#[tokio::test]
async fn a_folder_that_cannot_be_one_is_refused_with_the_way_out() {
    let folder = Folder::new();
    let file = folder.0.join("file");
    fs::write(&file, "").unwrap();
    let refused = PrivateCluster::start(&file).await.unwrap_err();
    assert!(matches!(refused, ClusterError::NotWritable { .. }), "{refused:?}");

    fs::write(folder.0.join("PG_VERSION"), "15\n").unwrap();
    let refused = PrivateCluster::start(&folder.0).await.unwrap_err();
    assert!(matches!(refused, ClusterError::ForeignFolder(_)), "{refused:?}");
    fs::remove_file(folder.0.join("PG_VERSION")).unwrap();
}

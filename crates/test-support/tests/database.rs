//! Each test gets a database of its own, and nothing is left behind.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use test_support::{TestDatabase, server};

#[tokio::test]
async fn a_new_database_has_the_schema_and_commits_as_the_real_one_does() {
    let client = TestDatabase::new().await.connect().await;
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assert!(client.query_one(tables, &[]).await.unwrap().get::<_, i64>(0) > 1);
    let row = client.query_one("SHOW synchronous_commit", &[]).await.unwrap();
    assert_eq!(row.get::<_, &str>(0), "on");
}

#[tokio::test]
async fn what_one_test_writes_no_other_sees() {
    let (one, other) = tokio::join!(TestDatabase::new(), TestDatabase::new());
    one.connect().await.batch_execute("CREATE TABLE mine (n int)").await.unwrap();
    let look = "SELECT to_regclass('mine') IS NULL";
    assert!(other.connect().await.query_one(look, &[]).await.unwrap().get::<_, bool>(0));
}

#[tokio::test]
async fn a_database_without_schema_has_no_tables() {
    let client = TestDatabase::without_schema().await.connect().await;
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(client.query_one(tables, &[]).await.unwrap().get::<_, i64>(0), 0);
}

/// Not a test of its own: the next one starts it as another process and kills that.
#[tokio::test]
#[ignore = "the process that another test kills"]
async fn hold_a_database_until_killed() {
    let client = TestDatabase::new().await.connect().await;
    let folder = client.query_one("SHOW data_directory", &[]).await.unwrap();
    eprintln!("folder={}", folder.get::<_, &str>(0));
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn the_server_ends_and_its_folder_goes_when_the_test_process_is_killed() {
    // So that making the template is not part of what is waited for.
    server::start_once().await.unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "hold_a_database_until_killed", "--nocapture"])
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let output = std::io::BufReader::new(child.stderr.take().unwrap());
    let folder = std::io::BufRead::lines(output)
        .map(Result::unwrap)
        .find_map(|line| line.strip_prefix("folder=").map(str::to_owned))
        .unwrap();
    let folder = Path::new(&folder);
    let server = std::fs::read_to_string(folder.join("postmaster.pid")).unwrap();
    let server = Path::new("/proc").join(server.lines().next().unwrap()).join("cmdline");
    // A process that ended and waits to be collected has no command line any more.
    let is_running = || std::fs::read(&server).is_ok_and(|line| !line.is_empty());
    assert!(is_running());

    child.kill().unwrap();
    child.wait().unwrap();
    let begun = Instant::now();
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    while folder.parent().unwrap().exists() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{} is still there", folder.display());
        ticks.tick().await;
    }
    assert!(!is_running(), "the folder went and the server stayed");
}

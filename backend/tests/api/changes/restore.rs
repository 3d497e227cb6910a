//! The feed after a restore: transaction ids belong to one history, and a cursor of another is not gone on from.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use api_types::{ProblemKind, Role, paths};
use backend::{
    config::{DatabaseArgs, HttpArgs, LiveArgs, RateLimitArgs, ServeArgs, Switch, TriageArgs},
    db::{
        cluster::{DATABASE, PrivateCluster},
        migrate,
    },
    serve,
};
use serde_json::json;
use test_support::find_program;
use tokio_postgres::Client as Sql;

use super::{Reader, page};
use crate::support::{Desk, Server, photo_args, wait_until};

/// Runs one of PostgreSQL's tools and answers what it printed.
fn run(program: &str, args: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new(find_program(program))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program} failed");
    output.stdout
}

/// The same server's address of another database.
fn sibling(url: &str, database: &str) -> String {
    let (start, rest) = url.split_once(":///").unwrap();
    let (_, options) = rest.split_once('?').unwrap();
    format!("{start}:///{database}?{options}")
}

async fn connect(url: &str) -> Sql {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn execute(url: &str, sql: &str) {
    connect(url).await.batch_execute(sql).await.unwrap();
}

/// A dump of the desk, restored into a new database.
async fn restore(desk: &Desk, admin: &str, target: &str) {
    let dump = run("pg_dump", &["--format=custom", desk.database.url()], b"");
    let database = target.split(":///").nth(1).unwrap().split('?').next().unwrap();
    execute(admin, &format!("CREATE DATABASE {database} TEMPLATE template0")).await;
    run("pg_restore", &["--exit-on-error", "--dbname", target], &dump);
}

/// What `serve` says before it listens; `None` if it would have listened.
async fn refusal_of_serve(database_url: &str) -> Option<String> {
    let one = std::num::NonZeroU32::MIN;
    let args = ServeArgs {
        database: DatabaseArgs {
            database_url: Some(database_url.to_owned()),
            data_dir: Some(std::env::temp_dir().join("campusdesk-refused")),
            db_connections: 1,
        },
        http: HttpArgs {
            bind: "127.0.0.1:0".to_owned(),
            analytics_url: "http://127.0.0.1:9".to_owned(),
            trusted_proxy: false,
            workers: Some(std::num::NonZeroUsize::MIN),
        },
        live: LiveArgs { listen_url: None },
        rate: RateLimitArgs { rate_limits: Switch::Off, rate_per_client: one, rate_per_ip: one },
        triage: TriageArgs { service_token: None },
        photos: photo_args(),
    };
    let refused = serve::run(args);
    match tokio::time::timeout(std::time::Duration::from_secs(5), refused).await {
        Ok(ended) => ended.err().map(|error| error.to_string()),
        Err(_) => None,
    }
}

async fn refuse_cursor(server: &Server, cursor: &str) {
    let staff = server.person(Role::Staff);
    let answer = staff.get(&format!("{}?after={cursor}", paths::CHANGES)).send().await;
    answer.refused(ProblemKind::Resync);
}

#[tokio::test]
async fn after_a_restore_into_the_same_server_an_old_cursor_starts_again_and_the_feed_is_complete()
{
    let desk = Desk::start().await;
    for n in 0..5 {
        desk.report(&format!("Number {n}")).await;
    }
    let mut reader = Reader::new(desk.staff());
    reader.follow_until_complete(&desk.sql().await, 10).await;
    let cursor = reader.next.unwrap();

    let target = sibling(desk.database.url(), "restored_here");
    restore(&desk, desk.database.url(), &target).await;
    let server = Desk::server_on(&target);
    refuse_cursor(&server, &cursor).await;

    let client = connect(&target).await;
    let mut fresh = Reader::new(server.person(Role::Staff));
    fresh.follow_until_complete(&client, 10).await;
    assert_eq!(fresh.tickets.len(), 5);
    // And what is written from here on still comes.
    let user = server.person(Role::User);
    user.report(json!({ "description": "After the restore" })).await;
    fresh.follow_until_complete(&client, 10).await;
}

#[tokio::test]
async fn a_copy_made_by_template_is_another_history_too() {
    let desk = Desk::start().await;
    desk.report("Before").await;
    let mut reader = Reader::new(desk.staff());
    reader.follow_until_complete(&desk.sql().await, 10).await;
    let cursor = reader.next.unwrap();

    // A database can only be copied while nobody else is connected to it.
    let source = desk.database.url().to_owned();
    let name = source.split(":///").nth(1).unwrap().split('?').next().unwrap().to_owned();
    drop(desk);
    let admin = sibling(&source, "postgres");
    execute(
        &admin,
        &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"),
    )
    .await;
    let copy = format!("CREATE DATABASE copied_by_template TEMPLATE {name}");
    let sql = connect(&admin).await;
    wait_until("the database to be left alone", async || sql.batch_execute(&copy).await.is_ok())
        .await;
    let server = Desk::server_on(&sibling(&source, "copied_by_template"));
    refuse_cursor(&server, &cursor).await;
}

#[tokio::test]
async fn a_cursor_from_the_future_means_that_an_older_copy_runs_and_starts_again() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    let staff = desk.staff();
    wait_until("the ticket", async || !page(&staff, None, 9).await.items.is_empty()).await;
    let next = page(&staff, None, 9).await.next;
    let (history, place) = next.rsplit_once('.').unwrap();
    let (history, _) = history.rsplit_once('.').unwrap();
    let xmax = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text";
    let xmax: i64 =
        desk.sql().await.query_one(xmax, &[]).await.unwrap().get::<_, String>(0).parse().unwrap();
    for ahead in [10_000, 1_000_000_000] {
        let path = format!("{}?after={history}.{}.{place}", paths::CHANGES, xmax + ahead);
        staff.get(&path).send().await.refused(ProblemKind::Resync);
    }
    assert_eq!(page(&staff, Some(&next), 9).await.items, []);
    assert_eq!(ticket.version, 1);
}

#[tokio::test]
async fn rows_from_the_future_keep_serve_from_starting_until_migrate_stamps_them() {
    let desk = Desk::start().await;
    for n in 0..4 {
        desk.report(&format!("Number {n}")).await;
    }
    let sql = desk.sql().await;
    let future = "BEGIN; SET LOCAL session_replication_role = replica; \
                  UPDATE tickets SET changed_in = changed_in + 4000000000 WHERE id <= 3; COMMIT";
    sql.batch_execute(future).await.unwrap();
    let refusal = refusal_of_serve(desk.database.url()).await.unwrap();
    assert!(
        refusal.contains("3 tickets") && refusal.contains("campusdesk-backend migrate"),
        "{refusal}"
    );

    migrate::run(desk.database.url()).await.unwrap();
    let mut reader = Reader::new(desk.staff());
    reader.follow_until_complete(&sql, 10).await;
    assert_eq!(reader.tickets.len(), 4);
    assert!(reader.tickets.values().all(|ticket| ticket.version == 1), "a stamp is no change");
}

#[tokio::test]
async fn a_dump_restored_into_another_server_is_refused_stamped_and_then_complete() {
    let desk = Desk::start().await;
    let sql = desk.sql().await;
    let ticket = desk.report("It drips").await;
    desk.user().write(ticket.id, json!({ "body": "Any news?" })).await;
    desk.closed("Another").await;
    // A server that is far ahead of a new one.
    sql.batch_execute(
        "CREATE PROCEDURE burn(n int) LANGUAGE plpgsql AS $$ BEGIN \
         FOR i IN 1..n LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$",
    )
    .await
    .unwrap();
    sql.batch_execute("CALL burn(3000)").await.unwrap();
    sql.batch_execute("DROP PROCEDURE burn; UPDATE tickets SET affected = affected").await.unwrap();
    let mut reader = Reader::new(desk.staff());
    reader.follow_until_complete(&sql, 10).await;

    let folder = Folder::new();
    let cluster = PrivateCluster::start(&folder.0).await.unwrap();
    let target = cluster.url("restored_elsewhere");
    restore(&desk, &cluster.url("postgres"), &target).await;
    let refusal = refusal_of_serve(&target).await.unwrap();
    assert!(refusal.contains("campusdesk-backend migrate"), "{refusal}");
    migrate::run(&target).await.unwrap();

    let server = Desk::server_on(&target);
    refuse_cursor(&server, &reader.next.unwrap()).await;
    let client = connect(&target).await;
    let mut fresh = Reader::new(server.person(Role::Staff));
    fresh.follow_until_complete(&client, 10).await;
    assert_eq!(fresh.tickets, reader.tickets);
    drop(server);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn an_older_copy_of_the_folder_makes_readers_start_again() {
    let (folder, copy) = (Folder::new(), Folder::new());
    let start = async || PrivateCluster::start(&folder.0).await.unwrap();
    let cluster = start().await;
    migrate::run(&cluster.url(DATABASE)).await.unwrap();
    let server = Desk::server_on(&cluster.url(DATABASE));
    server.person(Role::User).report(json!({ "description": "Before the copy" })).await;
    drop(server);
    cluster.stop().await.unwrap();
    copy_folder(&folder.0.join("postgres"), &copy.0);

    let cluster = start().await;
    let server = Desk::server_on(&cluster.url(DATABASE));
    server.person(Role::User).report(json!({ "description": "After the copy" })).await;
    let mut reader = Reader::new(server.person(Role::Staff));
    reader.follow_until_complete(&connect(&cluster.url(DATABASE)).await, 10).await;
    assert_eq!(reader.tickets.len(), 2);
    drop(server);
    cluster.stop().await.unwrap();

    std::fs::remove_dir_all(folder.0.join("postgres")).unwrap();
    copy_folder(&copy.0.join("postgres"), &folder.0);
    let cluster = start().await;
    let server = Desk::server_on(&cluster.url(DATABASE));
    refuse_cursor(&server, &reader.next.unwrap()).await;
    let mut fresh = Reader::new(server.person(Role::Staff));
    fresh.follow_until_complete(&connect(&cluster.url(DATABASE)).await, 10).await;
    assert_eq!(fresh.tickets.len(), 1);
    drop(server);
    cluster.stop().await.unwrap();
}

fn copy_folder(from: &Path, into: &Path) {
    // As root the files belong to a system user and must go on doing so.
    let copied = Command::new("cp").arg("-Rp").arg(from).arg(into).status().unwrap();
    assert!(copied.success());
}

/// A folder for one more server.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("campusdesk-restore-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

//! What was answered 201 is there, once, whatever is killed: the real program with its own PostgreSQL, and kill -9.
//!
//! `CAMPUSDESK_CRASHES` says how often each of the two is killed; twice unless given.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::{
    collections::BTreeMap,
    fs,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use api_client::{Client, ClientError};
use api_types::{NewTicket, ProblemKind, Role, SortBy, TicketId, TicketQuery, limits};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use uuid::Uuid;

/// Creating tasks, each with its own browser.
const TASKS: usize = 4;
/// So many creates are answered between two kills.
const CREATES_BETWEEN: usize = 25;
const POLL: Duration = Duration::from_millis(10);

/// The program as a newcomer runs it, on a folder and a port of its own.
struct Desk {
    folder: PathBuf,
    bind: String,
    process: Child,
}

impl Desk {
    fn start() -> Desk {
        let folder = std::env::temp_dir().join(format!("campusdesk-crash-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let bind = free.local_addr().unwrap().to_string();
        drop(free);
        let process = Desk::spawn(&folder, &bind);
        Desk { folder, bind, process }
    }

    fn spawn(folder: &PathBuf, bind: &str) -> Child {
        Command::new(env!("CARGO_BIN_EXE_campusdesk-backend"))
            .arg("serve")
            .env("CAMPUSDESK_DATA_DIR", folder)
            .env("CAMPUSDESK_BIND", bind)
            .env("CAMPUSDESK_RATE_LIMITS", "off")
            .env_remove("DATABASE_URL")
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.with_extension("log")).unwrap())
            .spawn()
            .unwrap()
    }

    fn url(&self) -> String {
        format!("http://{}", self.bind)
    }

    fn kill_backend_and_start_it_again(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.process = Desk::spawn(&self.folder, &self.bind);
    }

    fn postmaster(&self) -> Option<i32> {
        let file = fs::read_to_string(self.folder.join("postgres/postmaster.pid")).ok()?;
        file.lines().next()?.parse().ok()
    }

    async fn kill_postmaster_and_see_another(&self) {
        let first = self.postmaster().unwrap();
        kill(Pid::from_raw(first), Signal::SIGKILL).unwrap();
        wait_until("another PostgreSQL", async || {
            self.postmaster().is_some_and(|pid| pid != first)
        })
        .await;
    }

    async fn wait_until_ready(&self) {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let ready = format!("{}/health/ready", self.url());
        wait_until("the desk to be ready", async || {
            http.get(&ready).send().await.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
    }

    /// The orderly end: PostgreSQL goes with the program.
    async fn stop(mut self) {
        kill(Pid::from_raw(self.process.id().cast_signed()), Signal::SIGTERM).unwrap();
        assert!(self.process.wait().unwrap().success());
        assert_eq!(self.postmaster(), None);
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
        if let Some(pid) = self.postmaster() {
            let _ = kill(Pid::from_raw(pid), Signal::SIGQUIT);
            let begun = Instant::now();
            while self.postmaster().is_some() && begun.elapsed().as_secs() < 10 {
                std::thread::park_timeout(POLL);
            }
        }
        drop(fs::remove_dir_all(&self.folder));
        drop(fs::remove_file(self.folder.with_extension("log")));
    }
}

async fn wait_until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let begun = Instant::now();
    let mut ticks = tokio::time::interval(POLL);
    while !is_so().await {
        assert!(begun.elapsed().as_secs() < 120, "{what} did not come");
        ticks.tick().await;
    }
}

/// What the tasks have in common.
#[derive(Default)]
struct Run {
    stop: AtomicBool,
    answered: AtomicUsize,
    retries: AtomicUsize,
}

/// Reports one problem after the other, each under its key until it is answered; says what was answered 201.
async fn report_on_and_on(url: String, task: usize, run: Arc<Run>) -> Vec<(String, TicketId)> {
    let client = Client::new(&url, Role::User, None, Some(Uuid::new_v4())).unwrap();
    let mut answered = Vec::new();
    while !run.stop.load(Ordering::Relaxed) {
        let description = format!("Task {task}, report {}", answered.len());
        let new = NewTicket { description: description.clone(), ..NewTicket::default() };
        let key = Uuid::new_v4();
        let mut ticks = tokio::time::interval(POLL);
        let ticket = loop {
            ticks.tick().await;
            match client.create_ticket(&new, key).await {
                Ok(ticket) => break ticket,
                Err(ClientError::Transport(_)) => {}
                Err(error) => {
                    let kind = error.kind();
                    let is_passing =
                        matches!(kind, Some(ProblemKind::Unavailable | ProblemKind::InProgress));
                    assert!(is_passing, "{error}");
                }
            }
            run.retries.fetch_add(1, Ordering::Relaxed);
        };
        assert_eq!(ticket.description, description);
        answered.push((description, ticket.id));
        run.answered.fetch_add(1, Ordering::Relaxed);
    }
    answered
}

/// Every ticket of the desk by its description.
async fn read_desk(url: &str) -> BTreeMap<String, Vec<TicketId>> {
    let staff = Client::new(url, Role::Staff, None, None).unwrap();
    let mut query = TicketQuery {
        sort: Some(SortBy::Oldest),
        limit: Some(limits::PAGE_MAX),
        ..TicketQuery::default()
    };
    let mut found: BTreeMap<String, Vec<TicketId>> = BTreeMap::new();
    loop {
        let page = staff.list_tickets(&query).await.unwrap();
        for ticket in page.items {
            found.entry(ticket.description).or_default().push(ticket.id);
        }
        query.cursor = page.next;
        if query.cursor.is_none() {
            return found;
        }
    }
}

#[tokio::test]
async fn every_create_that_was_answered_201_is_there_once_after_kills_of_both_processes() {
    let crashes = std::env::var("CAMPUSDESK_CRASHES").map_or(2, |n| n.parse().unwrap());
    let mut desk = Desk::start();
    desk.wait_until_ready().await;
    let run = Arc::new(Run::default());
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| tokio::spawn(report_on_and_on(desk.url(), task, Arc::clone(&run))))
        .collect();
    let progress = async |desk: &Desk| {
        desk.wait_until_ready().await;
        let before = run.answered.load(Ordering::Relaxed);
        wait_until("creates to be answered", async || {
            run.answered.load(Ordering::Relaxed) >= before + CREATES_BETWEEN
        })
        .await;
    };
    for _ in 0..crashes {
        progress(&desk).await;
        desk.kill_backend_and_start_it_again();
        progress(&desk).await;
        desk.kill_postmaster_and_see_another().await;
    }
    progress(&desk).await;
    run.stop.store(true, Ordering::Relaxed);

    let (mut creates, mut lost, mut doubled) = (0, Vec::new(), Vec::new());
    let mut answered = Vec::new();
    for task in tasks {
        answered.extend(task.await.unwrap());
    }
    let mut found = read_desk(&desk.url()).await;
    for (description, id) in answered {
        creates += 1;
        match found.remove(&description).as_deref() {
            Some([one]) if *one == id => {}
            Some([_, _, ..]) => doubled.push(description),
            _ => lost.push(description),
        }
    }
    println!(
        "{creates} creates answered 201 with {} retries; backend and PostgreSQL killed {crashes} times each; \
         {} lost, {} doubled, {} never answered",
        run.retries.load(Ordering::Relaxed),
        lost.len(),
        doubled.len(),
        found.len()
    );
    assert_eq!((&lost, &doubled), (&Vec::new(), &Vec::new()));
    assert!(found.is_empty(), "every task waited for its answer: {found:?}");
    desk.stop().await;
}

//! What was answered 201 is there, once, whatever is killed: the real programs, a PostgreSQL of their own, and kill -9.
//!
//! `CAMPUSDESK_CRASHES` says how often each of the three is killed; twice unless given.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::{
    collections::BTreeMap,
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use api_client::{Client, ClientError};
use api_types::{
    Chart, NewTicket, ProblemKind, Role, SortBy, TicketId, TicketQuery, headers, limits, paths,
};
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

/// The desk as a newcomer runs it, on a folder and ports of its own.
struct Desk {
    folder: PathBuf,
    bind: String,
    process: Child,
    analytics: Analytics,
    http: reqwest::Client,
}

/// The second process, which reads the first one's change feed.
struct Analytics {
    api_url: String,
    bind: String,
    process: Child,
}

impl Analytics {
    fn start(api_url: String) -> Self {
        let bind = free_address();
        let process = Self::spawn(&api_url, &bind);
        Self { api_url, bind, process }
    }

    /// The program lies beside the backend's: cargo builds both before it runs a workspace's tests.
    fn spawn(api_url: &str, bind: &str) -> Child {
        let program = Path::new(env!("CARGO_BIN_EXE_campusdesk-backend"))
            .with_file_name("campusdesk-analytics");
        assert!(program.exists(), "build it first: cargo build -p analytics");
        Command::new(program)
            .arg("serve")
            .env("CAMPUSDESK_API_URL", api_url)
            .env("CAMPUSDESK_ANALYTICS_BIND", bind)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    fn kill_and_start_again(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.process = Self::spawn(&self.api_url, &self.bind);
    }
}

impl Drop for Analytics {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

impl Desk {
    fn start() -> Desk {
        let folder = std::env::temp_dir().join(format!("campusdesk-crash-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        let bind = free_address();
        let process = Desk::spawn(&folder, &bind);
        let analytics = Analytics::start(format!("http://{bind}"));
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Desk { folder, bind, process, analytics, http }
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
        let ready = format!("{}{}", self.url(), paths::HEALTH_READY);
        wait_until("the desk to be ready", async || {
            self.http.get(&ready).send().await.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
    }

    /// How many tickets analytics counts; `None` while it cannot answer.
    async fn count_in_analytics(&self) -> Option<f64> {
        let chart = paths::analysis("active-by-category");
        let url = format!("http://{}{chart}", self.analytics.bind);
        let asked = self.http.get(url).header(headers::DESK_ROLE, Role::Staff.as_str());
        let chart: Chart = asked.send().await.ok()?.json().await.ok()?;
        chart.totals.get("all").copied()
    }

    /// Waits until analytics counts at least so many tickets.
    async fn wait_until_counted(&self, tickets: usize) {
        wait_until("analytics to count them", async || {
            self.count_in_analytics().await.is_some_and(|all| all >= tickets as f64)
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
async fn every_create_that_was_answered_201_is_there_once_after_kills_of_every_process() {
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
        progress(&desk).await;
        desk.analytics.kill_and_start_again();
        desk.wait_until_counted(run.answered.load(Ordering::Relaxed)).await;
    }
    progress(&desk).await;
    run.stop.store(true, Ordering::Relaxed);

    let (mut creates, mut lost, mut doubled) = (0, Vec::new(), Vec::new());
    let mut answered = Vec::new();
    for task in tasks {
        answered.extend(task.await.unwrap());
    }
    let mut found = read_desk(&desk.url()).await;
    let all = found.values().map(Vec::len).sum();
    desk.wait_until_counted(all).await;
    assert_eq!(desk.count_in_analytics().await, Some(all as f64), "none is counted twice");
    for (description, id) in answered {
        creates += 1;
        match found.remove(&description).as_deref() {
            Some([one]) if *one == id => {}
            Some([_, _, ..]) => doubled.push(description),
            _ => lost.push(description),
        }
    }
    println!(
        "{creates} creates answered 201 with {} retries; backend, PostgreSQL and analytics killed \
         {crashes} times each; {} lost, {} doubled, {} never answered",
        run.retries.load(Ordering::Relaxed),
        lost.len(),
        doubled.len(),
        found.len()
    );
    assert_eq!((&lost, &doubled), (&Vec::new(), &Vec::new()));
    assert!(found.is_empty(), "every task waited for its answer: {found:?}");
    desk.stop().await;
}

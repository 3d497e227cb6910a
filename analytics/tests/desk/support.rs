//! A ticket API and an analytics service on a database of their own.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use analytics::{clock::Clock, config::ServeArgs, service::Service};
use api_client::Client;
use api_types::{Chart, NewTicket, Role, Status, StatusChange, Ticket, X, headers, paths};
use backend::{
    app::App,
    config::{DatabaseArgs, HttpArgs, RateLimitArgs, Switch},
    db::Pool,
    demo, serve,
    transfer::{self, ImportArgs},
};
use chrono::{DateTime, TimeDelta, Utc};
use test_support::TestDatabase;
use tokio::time::timeout;

/// What publishing a model needs.
pub(crate) const SERVICE_TOKEN: &str = "a token for tests";
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Desk {
    database: TestDatabase,
    api: actix_web::dev::ServerHandle,
    pub(crate) client: Client,
    analytics: Service,
    now: Arc<Mutex<DateTime<Utc>>>,
}

impl Desk {
    pub(crate) async fn start() -> Self {
        let database = TestDatabase::new().await;
        let http = HttpArgs {
            bind: String::new(),
            analytics_url: String::new(),
            trusted_proxy: false,
            workers: None,
        };
        let many = std::num::NonZeroU32::MAX;
        let rate =
            RateLimitArgs { rate_limits: Switch::Off, rate_per_client: many, rate_per_ip: many };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let api_url = format!("http://{}", listener.local_addr().unwrap());
        let app = App::new(Pool::new(database.url().to_owned(), 4), &http, &rate)
            .with_service_token(Some(SERVICE_TOKEN.to_owned()));
        let server = serve::start(listener, app, database.url(), 1).unwrap();
        let api = server.handle();
        tokio::spawn(server);
        // Any instant does as long as both sides take the same; a minute ahead of what tests write.
        let now = Arc::new(Mutex::new(Utc::now() + TimeDelta::minutes(1)));
        let args = ServeArgs {
            bind: "127.0.0.1:0".parse().unwrap(),
            api_url: api_url.clone(),
            tz: chrono_tz::Tz::UTC,
            poll_ms: 5,
        };
        let clock = Arc::clone(&now);
        let analytics = Service::start(&args, Clock::new(move || *clock.lock().unwrap())).unwrap();
        let client = Client::new(&api_url, Role::Staff, None, None).unwrap();
        Self { database, api, client, analytics, now }
    }

    pub(crate) fn now(&self) -> String {
        self.now.lock().unwrap().to_rfc3339()
    }

    pub(crate) async fn load_demo(&self, tickets: u64) {
        let until = Some(*self.now.lock().unwrap());
        let args = demo::DemoArgs { database: no_database(), tickets, seed: 7, until };
        demo::load(self.database.url(), &args).await.unwrap();
    }

    /// Answers how many tickets the file held.
    pub(crate) async fn import(&self, file: &Path) -> usize {
        let database =
            DatabaseArgs { database_url: Some(self.database.url().to_owned()), ..no_database() };
        let tz = chrono_tz::Tz::UTC;
        let args = ImportArgs { file: file.to_owned(), skip_bad: false, tz, database };
        transfer::run_import(args).await.unwrap();
        self.sql().await.number("SELECT count(*)::float8 FROM tickets").await as usize
    }

    pub(crate) async fn caught_up(&self, tickets: usize) {
        let now = *self.now.lock().unwrap();
        let has_all = self.analytics.mirror.wait_until(|mirror| {
            mirror.read(now, |store, _| store.len()).is_some_and(|len| len == tickets)
        });
        timeout(PATIENCE, has_all).await.expect("analytics reads the whole feed");
    }

    /// Waits until analytics knows of so many searches.
    pub(crate) async fn counted(&self, searches: i32) {
        let now = *self.now.lock().unwrap();
        let asked = |known: &analytics::outcomes::Outcomes| {
            known.searches.values().flatten().map(|count| count.asked).sum::<i32>()
        };
        let has_all = self
            .analytics
            .outcomes
            .wait_until(|outcomes| outcomes.read(now, |known, _| asked(known)) == Some(searches));
        timeout(PATIENCE, has_all).await.expect("analytics reads the counts");
    }

    pub(crate) async fn chart(&self, question: &str) -> Chart {
        let url = format!("http://{}{}", self.analytics.address, paths::analysis(question));
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = http.get(url).header(headers::DESK_ROLE, "staff").send().await.unwrap();
        assert_eq!(answer.status(), 200, "{question}");
        answer.json().await.unwrap()
    }

    pub(crate) async fn wait_for_total(&self, question: &str, key: &str, value: f64) {
        let moved = async {
            while self.chart(question).await.totals[key] != value {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, moved).await.expect("the answer moves with the ticket");
    }

    pub(crate) async fn report(&self, description: &str) -> Ticket {
        let new = NewTicket { description: description.into(), ..NewTicket::default() };
        self.client.create_ticket(&new, uuid::Uuid::new_v4()).await.unwrap()
    }

    pub(crate) async fn step(&self, ticket: &Ticket, to: Status) -> Ticket {
        let change = StatusChange { to, resolution: None };
        self.client.change_status(ticket.id, ticket.version, &change).await.unwrap()
    }

    pub(crate) async fn sql(&self) -> Sql {
        let client = self.database.connect().await;
        client.batch_execute("SET timezone = 'UTC'").await.unwrap();
        Sql(client)
    }

    pub(crate) async fn stop(self) {
        self.analytics.stop().await;
        self.api.stop(false).await;
    }
}

fn no_database() -> DatabaseArgs {
    DatabaseArgs { database_url: None, data_dir: None, db_connections: 1 }
}

/// What the database says.
pub(crate) struct Sql(tokio_postgres::Client);

impl Sql {
    pub(crate) async fn number(&self, sql: &str) -> f64 {
        self.optional_number(sql).await.unwrap()
    }

    pub(crate) async fn optional_number(&self, sql: &str) -> Option<f64> {
        self.0.query_one(sql, &[]).await.unwrap().get(0)
    }

    pub(crate) async fn series(&self, sql: &str) -> Vec<(String, f64)> {
        let rows = self.0.query(sql, &[]).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }
}

/// The points of a series, with where they stand as text.
pub(crate) fn points(chart: &Chart, key: &str) -> Vec<(String, f64)> {
    let place = |x: &X| match x {
        X::Time(at) => at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        X::Word(word) => word.clone(),
        X::Number(number) => number.to_string(),
    };
    let series = chart.series.iter().find(|series| series.key == key).unwrap();
    series.points.iter().map(|point| (place(&point.0), point.1)).collect()
}

/// Removes a file at the end of a test.
pub(crate) struct Keep(PathBuf);

impl Drop for Keep {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// A few tickets with dates and times, closed and not.
pub(crate) fn small_file() -> (PathBuf, Keep) {
    let lines = [
        "opened_at,closed_at,category,text",
        "2025-01-03,2025-01-03,facility,The door of room 12 scrapes on the floor",
        "2025-01-03,2025-01-04,it,The guest network asks for a code that nobody has",
        "2025-01-20T08:30:00Z,2025-02-02T09:00:00Z,services,My deposit has not come back",
        "2025-02-01 10:00,,,The radiator in the reading room stays cold",
    ];
    csv_file(&lines.join("\n"))
}

/// A file with this content that is there as long as what comes with it.
pub(crate) fn csv_file(content: &str) -> (PathBuf, Keep) {
    let path = std::env::temp_dir().join(format!("campusdesk-import-{}.csv", uuid::Uuid::new_v4()));
    fs::write(&path, content).unwrap();
    (path.clone(), Keep(path))
}

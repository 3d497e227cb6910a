//! A desk of its own for the bench: loaded, started, and its database at hand.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use super::photos::{self, Photos};
use crate::{
    build::Profile,
    http,
    job::Job,
    paths,
    service::{Plan, Services, free_address, words},
    setup,
    step::{Done, Steps},
    up::{Addresses, Desk},
};

/// The desk under load and its reference.
pub(super) struct BenchDesk {
    /// How many tickets it was loaded with.
    pub(super) tickets: u64,
    /// How long that took.
    pub(super) load_time: Duration,
    /// How long a fresh analytics took from its start until it had applied them all.
    pub(super) analytics_time: Duration,
    desk: Desk,
    reference: SocketAddr,
    database_url: String,
    pub(super) photos: Photos,
    // The folder is removed after the services, which are dropped first, have left it.
    services: Services,
    _scratch: Scratch,
}

/// A folder that goes with its owner.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // It holds nothing of value; what cannot be removed is the system's to clean up.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl BenchDesk {
    /// Loads so many tickets and starts everything, two steps.
    ///
    /// # Errors  When a part does not start.
    pub(super) fn start(steps: &mut Steps, tickets: u64) -> Result<Self> {
        let scratch = Scratch(paths::scratch("bench"));
        let addresses = Addresses { bind: free_address()?, analytics_bind: free_address()? };
        let env = vec![
            ("CAMPUSDESK_DATA_DIR".to_owned(), scratch.0.clone().into_os_string()),
            // Said in the report too.
            ("CAMPUSDESK_RATE_LIMITS".to_owned(), "off".into()),
        ];
        let desk = Desk { profile: Profile::Release, addresses, env, shown: false };
        let began = Instant::now();
        steps.run(&format!("Loading {tickets} tickets"), |progress| {
            desk.backend_job(&["demo", "--tickets", &tickets.to_string()]).run(progress)?;
            Ok(Done::Made)
        })?;
        let load_time = began.elapsed();

        let mut services = Services::default();
        let mut database_url = String::new();
        let mut analytics_time = Duration::ZERO;
        let reference = free_address()?;
        steps.run("Starting the desk", |_| {
            desk.start_backend(&mut services)?;
            database_url = find_database(&scratch.0)?;
            run_sql(&database_url, "VACUUM ANALYZE")?;
            let began = Instant::now();
            desk.start_analytics(&mut services)?;
            analytics_time = began.elapsed();
            start_reference(&mut services, reference, &database_url)?;
            Ok(Done::Made)
        })?;
        let mut photos = None;
        steps.run("Photos", |_| {
            let ask = |sql: &str| run_sql(&database_url, sql);
            let bind = desk.addresses.bind;
            photos = Some(photos::prepare(bind, &scratch.0, ask, &mut services)?);
            Ok(Done::Made)
        })?;
        let photos = photos.context("there are no photos")?;
        Ok(Self {
            tickets,
            load_time,
            analytics_time,
            desk,
            reference,
            database_url,
            photos,
            services,
            _scratch: scratch,
        })
    }

    /// Where the ticket API answers.
    pub(super) fn api(&self) -> SocketAddr {
        self.desk.addresses.bind
    }

    /// Where the analytics service answers.
    pub(super) fn analytics(&self) -> SocketAddr {
        self.desk.addresses.analytics_bind
    }

    /// Where the smallest handler answers.
    pub(super) fn reference(&self) -> SocketAddr {
        self.reference
    }

    /// The database that the desk uses.
    pub(super) fn database_url(&self) -> &str {
        &self.database_url
    }

    /// A program of PostgreSQL's.
    pub(super) fn database_job(&self, program: &str) -> Job {
        database_job(program)
    }

    /// One value from the database.
    ///
    /// # Errors  When the statement fails.
    pub(super) fn ask(&self, sql: &str) -> Result<String> {
        run_sql(&self.database_url, sql)
    }

    /// Resident memory of a service, in megabytes.
    ///
    /// # Errors  When the service is gone.
    pub(super) fn memory_mb(&self, service: &str) -> Result<f64> {
        let id = self.services.id(service).with_context(|| format!("{service} does not run"))?;
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes: f64 = line
            .and_then(|line| line.split_whitespace().next()?.parse().ok())
            .context("the system does not say how much memory it has")?;
        Ok(kilobytes / 1024.0)
    }

    /// Starts the analytics service once more and times it: everything is in the file cache now, as in a restart.
    ///
    /// # Errors  When it does not become ready.
    pub(super) fn restart_analytics(&mut self) -> Result<Duration> {
        self.services.stop("analytics")?;
        let began = Instant::now();
        self.desk.start_analytics(&mut self.services)?;
        Ok(began.elapsed())
    }
}

fn start_reference(services: &mut Services, address: SocketAddr, database_url: &str) -> Result<()> {
    services.start(Plan {
        name: "reference",
        program: &paths::target().join("release/examples/reference"),
        args: words(&["--bind", &address.to_string()]),
        env: vec![("DATABASE_URL".to_owned(), database_url.into())],
        shown: false,
    })?;
    let answers = || {
        http::get(address, "/api/v1/tickets", &["Desk-Role: staff"])
            .is_ok_and(|answer| answer.status == 200)
    };
    services.wait_for("reference", answers)
}

/// The private PostgreSQL says in its lock file where its socket is.
fn find_database(data_dir: &Path) -> Result<String> {
    let file = data_dir.join("postgres/postmaster.pid");
    let text =
        fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let mut lines = text.lines().skip(3);
    let port = lines.next().context("postmaster.pid names no port")?.trim();
    let folder = lines.next().context("postmaster.pid names no socket")?.trim();
    let folder = folder.replace('/', "%2F");
    Ok(format!("postgresql:///campusdesk?host={folder}&port={port}&user=campusdesk"))
}

fn database_job(program: &str) -> Job {
    // Debian puts psql and pgbench on PATH; elsewhere they are beside the server.
    let beside = setup::find_postgres()
        .map(|folder| folder.join(program))
        .filter(|file| paths::is_program(file));
    beside.map_or_else(|| Job::new(program), Job::new)
}

fn run_sql(database_url: &str, sql: &str) -> Result<String> {
    let text = database_job("psql").args(["-XAtqc", sql, database_url]).read()?;
    Ok(text.trim_end().to_owned())
}

//! Putting load on something: wrk for HTTP, pgbench for PostgreSQL.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::desk::BenchDesk;
use crate::{job::Job, paths};

/// Connections, caches and plans are warm after that long.
const WARM_UP_SECONDS: u64 = 1;

/// What wrk sends; `requests.lua` reads it.
pub(super) struct Request {
    kind: &'static str,
    path: String,
    tickets: u64,
    role: &'static str,
}

impl Request {
    /// A random one of these paths.
    pub(super) fn one_of(paths: &[String]) -> Self {
        Self { kind: "one_of", path: paths.join(" "), tickets: 0, role: "staff" }
    }

    /// A photo out of a file, another each time.
    pub(super) fn upload(path: &str, file: &str) -> Self {
        Self { kind: "upload", path: format!("{path} {file}"), tickets: 0, role: "staff" }
    }

    /// The same path again and again.
    pub(super) fn path(path: &str) -> Self {
        Self { kind: "path", path: path.to_owned(), tickets: 0, role: "staff" }
    }

    /// A random one of so many tickets.
    pub(super) fn ticket(path: &str, tickets: u64) -> Self {
        Self { kind: "ticket", path: path.to_owned(), tickets, role: "staff" }
    }

    /// A new ticket each time.
    pub(super) fn create(path: &str) -> Self {
        Self { kind: "create", path: path.to_owned(), tickets: 0, role: "staff" }
    }

    /// Something that people look for, another each time.
    pub(super) fn search(path: &str, role: &'static str) -> Self {
        Self { kind: "search", path: path.to_owned(), tickets: 0, role }
    }

    /// A report being written, another each time.
    pub(super) fn similar(path: &str) -> Self {
        Self { kind: "similar", path: path.to_owned(), tickets: 0, role: "user" }
    }

    /// A text of 1,000 characters to classify, another each time.
    pub(super) fn classify(path: &str) -> Self {
        Self { kind: "classify", path: path.to_owned(), tickets: 0, role: "staff" }
    }
}

/// A file of `xtask/bench` with its variables.
pub(super) struct Script {
    name: String,
    variables: Vec<(&'static str, String)>,
}

impl Script {
    /// Without variables.
    pub(super) fn plain(name: &str) -> Self {
        Self { name: name.to_owned(), variables: Vec::new() }
    }

    /// With `:value`.
    pub(super) fn with_value(name: &str, value: &str) -> Self {
        Self { name: name.to_owned(), variables: vec![("value", value.to_owned())] }
    }

    /// A random one of so many tickets.
    pub(super) fn ticket(tickets: u64) -> Self {
        Self { name: "ticket".to_owned(), variables: vec![("tickets", tickets.to_string())] }
    }
}

/// What wrk counted; times in microseconds.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Numbers {
    pub(super) requests: u64,
    pub(super) micros: u64,
    pub(super) p50: f64,
    pub(super) p95: f64,
    pub(super) p99: f64,
    /// Answers of 4xx and 5xx, and requests without an answer.
    pub(super) failures: u64,
}

impl Numbers {
    /// Several measurements as one; a percentile is the mean of theirs.
    pub(super) fn merge(parts: &[Self]) -> Self {
        let mean =
            |pick: fn(&Self) -> f64| parts.iter().map(pick).sum::<f64>() / parts.len() as f64;
        Self {
            requests: parts.iter().map(|part| part.requests).sum(),
            micros: parts.iter().map(|part| part.micros).sum(),
            p50: mean(|part| part.p50),
            p95: mean(|part| part.p95),
            p99: mean(|part| part.p99),
            failures: parts.iter().map(|part| part.failures).sum(),
        }
    }

    /// Requests a second.
    pub(super) fn rate(&self) -> f64 {
        self.requests as f64 / (self.micros as f64 / 1e6)
    }
}

/// Measures one request, after warming up.
///
/// # Errors  When wrk cannot run.
pub(super) fn run_wrk(
    address: SocketAddr,
    request: &Request,
    connections: u32,
    seconds: u64,
) -> Result<Numbers> {
    wrk(address, request, connections, WARM_UP_SECONDS)?;
    wrk(address, request, connections, seconds)
}

fn wrk(address: SocketAddr, request: &Request, connections: u32, seconds: u64) -> Result<Numbers> {
    let text = Job::new("wrk")
        // What takes long because others are before it has not failed.
        .args(["-t1", &format!("-c{connections}"), &format!("-d{seconds}s"), "--timeout", "30s"])
        .args(["-s", "xtask/bench/requests.lua", &format!("http://{address}")])
        .env("BENCH_KIND", request.kind)
        .env("BENCH_PATH", &request.path)
        .env("BENCH_TICKETS", request.tickets.to_string())
        .env("BENCH_ROLE", request.role)
        .read()?;
    let line = text.lines().find_map(|line| line.strip_prefix("BENCH "));
    serde_json::from_str(line.context("wrk gave no numbers")?)
        .context("wrk's numbers cannot be read")
}

/// Measures one statement, after warming up: transactions a second.
///
/// # Errors  When pgbench cannot run.
pub(super) fn run_pgbench(
    desk: &BenchDesk,
    script: &Script,
    connections: u32,
    seconds: u64,
) -> Result<f64> {
    pgbench(desk, script, connections, WARM_UP_SECONDS)?;
    pgbench(desk, script, connections, seconds)
}

fn pgbench(desk: &BenchDesk, script: &Script, connections: u32, seconds: u64) -> Result<f64> {
    let file = paths::root().join("xtask/bench").join(format!("{}.sql", script.name));
    let variables = script.variables.iter().map(|(name, value)| format!("-D{name}={value}"));
    let text = desk
        .database_job("pgbench")
        .args([
            "-n",
            "-M",
            "prepared",
            "-c",
            &connections.to_string(),
            "-j",
            "1",
            "-T",
            &seconds.to_string(),
        ])
        .args(variables)
        .args(["-f".as_ref(), file.as_os_str()])
        .args([desk.database_url()])
        .read()?;
    parse_tps(&text).context("pgbench gave no numbers")
}

fn parse_tps(text: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read_from_what_pgbench_prints() {
        let text = "latency average = 0.1 ms\ntps = 61234.5 (without initial connection time)\n";
        assert_eq!(parse_tps(text), Some(61234.5));
    }
}

//! Edits at a steady pace, as long as something else is measured.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use super::desk::BenchDesk;
use crate::http;

const EDITORS: u32 = 4;
/// How many tickets one editor goes through.
const TICKETS_EACH: u32 = 500;

/// Editors at work.
pub(super) struct Edits {
    began: Instant,
    over: Arc<AtomicBool>,
    done: Arc<AtomicU64>,
    editors: Vec<JoinHandle<Result<()>>>,
}

impl Edits {
    /// Sends the editors to work on tickets that are not closed, so many a second together.
    ///
    /// # Errors  When the database cannot name such tickets.
    pub(super) fn start(desk: &BenchDesk, per_second: u32) -> Result<Self> {
        let pace = Duration::from_secs(1) * EDITORS / per_second;
        let count = EDITORS * TICKETS_EACH;
        let rows = desk.ask(&format!(
            "SELECT id, version FROM tickets WHERE status <> 'closed' ORDER BY id DESC LIMIT {count}"
        ))?;
        let tickets: Vec<(i64, i64)> = rows
            .lines()
            .filter_map(|line| {
                let (id, version) = line.split_once('|')?;
                Some((id.parse().ok()?, version.parse().ok()?))
            })
            .collect();
        if tickets.is_empty() {
            bail!("There is no ticket to edit.");
        }
        let (over, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let share = tickets.len().div_ceil(EDITORS as usize);
        let editors = tickets
            .chunks(share)
            .map(|mine| {
                let (mine, address) = (mine.to_vec(), desk.api());
                let (over, done) = (Arc::clone(&over), Arc::clone(&done));
                thread::spawn(move || edit(mine, address, pace, &over, &done))
            })
            .collect();
        Ok(Self { began: Instant::now(), over, done, editors })
    }

    /// Calls them back: how many edits a second there were.
    ///
    /// # Errors  When an edit was refused.
    pub(super) fn finish(self) -> Result<f64> {
        self.over.store(true, Ordering::Relaxed);
        let seconds = self.began.elapsed().as_secs_f64();
        for editor in self.editors {
            match editor.join() {
                Ok(result) => result?,
                Err(_) => bail!("An editor of the bench broke down."),
            }
        }
        Ok(self.done.load(Ordering::Relaxed) as f64 / seconds)
    }
}

fn edit(
    mut tickets: Vec<(i64, i64)>,
    address: SocketAddr,
    pace: Duration,
    over: &AtomicBool,
    done: &AtomicU64,
) -> Result<()> {
    let mut due = Instant::now();
    loop {
        for (id, version) in &mut tickets {
            if over.load(Ordering::Relaxed) {
                return Ok(());
            }
            let headers = ["Desk-Role: staff", &format!("If-Match: \"{version}\"")];
            // Another title each time: one that the ticket has already would change nothing.
            let body = format!(r#"{{"title":"Looked at again after version {version}"}}"#);
            let answer =
                http::send(address, "PATCH", &format!("/api/v1/tickets/{id}"), &headers, &body)?;
            if answer.status != 200 {
                bail!("An edit of ticket {id} was answered {}: {}", answer.status, answer.body);
            }
            *version += 1;
            if !answer.body.contains(&format!("\"version\":{version}")) {
                bail!("An edit of ticket {id} changed nothing.");
            }
            done.fetch_add(1, Ordering::Relaxed);
            due += pace;
            thread::sleep(due.saturating_duration_since(Instant::now()));
        }
    }
}

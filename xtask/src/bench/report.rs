//! The report of the bench, in Markdown.

use std::{fmt::Write as _, fs, thread};

use anyhow::{Result, bail};

use super::{
    desk::BenchDesk,
    pages::{Figure, Pages},
    rows::Measured,
};
use crate::step::Elapsed;

/// The report as it grows.
pub(super) struct Report {
    tickets: u64,
    seconds: u64,
    lines: Vec<String>,
    pages: Vec<String>,
    failures: u64,
    facts: Vec<String>,
}

impl Report {
    /// An empty one.
    pub(super) fn new(tickets: u64, seconds: u64) -> Self {
        Self {
            tickets,
            seconds,
            lines: Vec::new(),
            pages: Vec::new(),
            failures: 0,
            facts: Vec::new(),
        }
    }

    /// Adds a line.
    pub(super) fn add(&mut self, name: &str, connections: u32, measured: &Measured) {
        let Measured { ours, reference, postgres, edits_per_second, heard } = measured;
        let ratio = |other: Option<f64>| {
            other.map_or_else(|| "–".to_owned(), |other| format!("{:.2}", ours.rate() / other))
        };
        let reference_rate = reference.as_ref().map(super::load::Numbers::rate);
        let failures = ours.failures + reference.as_ref().map_or(0, |numbers| numbers.failures);
        self.failures += failures;
        let name = match edits_per_second {
            Some(rate) => format!("{name}, {rate:.0} edits/s going on"),
            None => name.to_owned(),
        };
        if let Some(heard) = heard {
            self.facts.push(format!(
                "«{name}», {connections} connections: in {:.0} s each stream heard at least {} events, {} of them heartbeats; \
                 none ended.",
                heard.time.as_secs_f64(),
                heard.fewest_events,
                heard.fewest_heartbeats
            ));
        }
        self.lines.push(format!(
            "| {name} | {connections} | {} | {} | {} | {} | {} | {} | {} | {} | {failures} |",
            thousands(ours.rate()),
            millis(ours.p50),
            millis(ours.p95),
            millis(ours.p99),
            reference_rate.map_or_else(|| "–".to_owned(), thousands),
            ratio(reference_rate),
            postgres.map_or_else(|| "–".to_owned(), thousands),
            ratio(*postgres),
        ));
    }

    /// Adds what the browser saw.
    pub(super) fn add_pages(&mut self, pages: &Pages) {
        for Figure { what, measured, aim, met } in pages.figures() {
            let met = if met { "yes" } else { "no" };
            self.pages.push(format!("| {what} | {measured} | {aim} | {met} |"));
        }
        self.facts.extend(pages.facts());
    }

    /// Adds what is known at the end: memory, times, the machine.
    ///
    /// # Errors  When a service is gone.
    pub(super) fn finish(&mut self, desk: &mut BenchDesk) -> Result<()> {
        let seconds = |time: std::time::Duration| format!("{:.1} s", time.as_secs_f64());
        self.facts.extend([
            format!("Machine: {}.", machine()),
            format!("Loading took {}.", Elapsed(desk.load_time)),
            format!(
                "A fresh analytics had applied all tickets after {}.",
                seconds(desk.analytics_time)
            ),
            format!(
                "Resident memory after the measurements: backend {:.0} MB, analytics {:.0} MB.",
                desk.memory_mb("backend")?,
                desk.memory_mb("analytics")?
            ),
        ]);
        let again = desk.restart_analytics()?;
        let memory = desk.memory_mb("analytics")?;
        self.facts.push(format!(
            "Started once more at the end, analytics was ready after {} with {memory:.0} MB.",
            seconds(again)
        ));
        Ok(())
    }

    /// All of it.
    pub(super) fn to_markdown(&self) -> String {
        let mut text = format!(
            "### {} tickets\n\nEach number is measured for {} s in five turns, 1 s of warming up before each; rate limits are off; times in \
             milliseconds. «Smallest handler» is an actix handler with the same statements and pool, «pgbench» the same \
             statements with `-M prepared` and as many connections; the ratios are ours to theirs.\n\n",
            thousands(self.tickets as f64),
            self.seconds
        );
        text += "| what | connections | requests/s | p50 | p95 | p99 | smallest handler/s | ratio | pgbench/s | ratio | failures |\n";
        text += "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
        for line in &self.lines {
            let _ = writeln!(text, "{line}");
        }
        if !self.pages.is_empty() {
            text +=
                "\nThe pages in a browser:\n\n| what | measured | aim | met |\n|---|---|---|---|\n";
        }
        for line in &self.pages {
            let _ = writeln!(text, "{line}");
        }
        text += "\n";
        for fact in &self.facts {
            let _ = writeln!(text, "- {fact}");
        }
        text
    }

    /// # Errors  When an answer was no 2xx: its speed then says nothing.
    pub(super) fn refuse_failures(&self) -> Result<()> {
        if self.failures > 0 {
            bail!("{} requests failed.", self.failures);
        }
        Ok(())
    }
}

fn machine() -> String {
    let cores = thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let read = |file: &str| fs::read_to_string(file).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu
        .lines()
        .find(|line| line.starts_with("model name"))
        .and_then(|line| line.split(": ").nth(1));
    let memory = read("/proc/meminfo");
    let kilobytes: f64 = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next()?.parse().ok())
        .unwrap_or_default();
    format!(
        "{cores} cores ({}), {:.0} GB of memory",
        model.unwrap_or("unknown"),
        kilobytes / 1024.0 / 1024.0
    )
}

fn millis(micros: f64) -> String {
    format!("{:.2}", micros / 1000.0)
}

/// A whole number with its thousands apart.
fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_with_their_thousands_apart() {
        assert_eq!(thousands(999.4), "999");
        assert_eq!(thousands(100_000.0), "100,000");
    }
}

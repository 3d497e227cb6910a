//! `bench`: the desk beside the smallest handler with the same statements and beside PostgreSQL itself, and its pages in a
//! browser, in one run on one machine, as Markdown tables.
//!
//! - [`desk`] loads a desk of its own and starts it, [`load`] puts load on something and reads the numbers,
//! - [`rows`] says what is measured, [`edits`] changes tickets and [`streams`] listens meanwhile,
//! - [`photos`] brings photos, and nginx to serve the same files,
//! - [`pages`] looks at the pages in a browser,
//! - [`report`] prints it all.

mod desk;
mod edits;
mod load;
mod pages;
mod photos;
mod report;
mod rows;
mod streams;

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    build::{self, Profile},
    interrupt, setup,
    step::{Done, Steps},
};

use desk::BenchDesk;
use load::Numbers;
use report::Report;
use rows::{Meanwhile, Measured, Row};
use streams::Streams;

/// In how many turns a number is measured.
const ROUNDS: u64 = 5;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// How many tickets the desk has.
    #[arg(long, default_value_t = 100_000, value_name = "N")]
    tickets: u64,
    /// Also writes the report to this file.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How long each number is measured, in five turns with a second of warming up before each.
    #[arg(long, default_value_t = 10, value_name = "N")]
    seconds: u64,
    /// Only the rows whose name has this, and no pages; may be given several times.
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// How many connections ask at once; may be given several times.
    #[arg(long, default_values_t = [1, 8], value_name = "N")]
    connections: Vec<u32>,
}

/// Loads, measures, prints.
///
/// # Errors  When something cannot be built or started, or answers with another status than 2xx.
pub(crate) fn run(options: &Options) -> Result<()> {
    let mut steps = Steps::new(setup::APP_STEPS + setup::DESK_STEPS + setup::BENCH_STEPS + 8);
    // The app is inside the binary that people run, so it is inside the one that is measured.
    let toolchain = setup::for_app(&mut steps)?;
    setup::for_desk(&mut steps)?;
    setup::for_bench(&mut steps)?;
    build::build_app(&mut steps, &toolchain)?;
    build::build_services(&mut steps, Profile::Release)?;
    steps.run("Smallest handler", |progress| {
        build::build_reference(progress)?;
        Ok(Done::Made)
    })?;
    let mut desk = BenchDesk::start(&mut steps, options.tickets)?;
    let mut report = Report::new(options.tickets, ROUNDS * options.seconds.div_ceil(ROUNDS));
    // First, while the queue has as many tickets as was asked for: the measurements below make more.
    if options.only.is_empty() {
        steps.run("Pages in a browser", |progress| {
            report.add_pages(&pages::measure(&desk, progress)?);
            Ok(Done::Made)
        })?;
    }
    steps.run("Measurements", |progress| {
        let named = |row: &Row| options.only.iter().any(|only| row.name.contains(only));
        let wanted = |row: &Row| options.only.is_empty() || named(row);
        for row in rows::all(&desk)?.into_iter().filter(wanted) {
            for &connections in &options.connections {
                interrupt::go_on()?;
                progress.note(&format!("{}, {connections} connections", row.name));
                report.add(&row.name, connections, &measure(&desk, &row, connections, options)?);
            }
        }
        Ok(Done::Made)
    })?;
    report.finish(&mut desk)?;
    let text = report.to_markdown();
    println!("\n{text}");
    if let Some(file) = &options.output {
        fs::write(file, &text).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    report.refuse_failures()
}

/// The desk and its references in many short turns, so that a machine which is slower for a while is slower for all of them.
fn measure(desk: &BenchDesk, row: &Row, connections: u32, options: &Options) -> Result<Measured> {
    let seconds = options.seconds.div_ceil(ROUNDS).max(row.least_seconds);
    let (mut ours, mut reference, mut postgres) = (Vec::new(), Vec::new(), Vec::new());
    let mut edits_per_second = None;
    let listens = matches!(row.meanwhile, Meanwhile::Streams(_));
    let streams = listens.then(|| Streams::open(desk)).transpose()?;
    for _ in 0..ROUNDS {
        let per_second = row.meanwhile.edits_per_second();
        let edits =
            per_second.map(|per_second| edits::Edits::start(desk, per_second)).transpose()?;
        ours.push(load::run_wrk(row.address, &row.request, connections, seconds)?);
        edits_per_second = edits.map(edits::Edits::finish).transpose()?;
        if let Some(address) = row.reference {
            let request = row.reference_request.as_ref().unwrap_or(&row.request);
            reference.push(load::run_wrk(address, request, connections, seconds)?);
        }
        if let Some(script) = &row.script {
            postgres.push(load::run_pgbench(desk, script, connections, seconds)?);
        }
    }
    Ok(Measured {
        ours: Numbers::merge(&ours),
        reference: (!reference.is_empty()).then(|| Numbers::merge(&reference)),
        postgres: (!postgres.is_empty())
            .then(|| postgres.iter().sum::<f64>() / postgres.len() as f64),
        edits_per_second,
        heard: streams.map(Streams::finish).transpose()?,
    })
}

//! The project's commands, `cargo xtask …`, for people and for CI alike.
//!
//! - [`setup`] brings what a bare machine lacks, each tool in its own module; what is there is left alone.
//! - [`build`] makes the browser app and the two services.
//! - [`up`], [`dev`], [`test`], [`bench`] put these together and run them.
//! - [`check`] looks at the source: format, lints, licences, who imports whom.
//!
//! Underneath: [`step`] reports progress, [`job`] runs a command to its end, [`service`] keeps one running,
//! [`http`] asks a service whether it is ready.

mod bench;
mod build;
mod check;
mod dev;
mod e2e;
mod http;
mod interrupt;
mod job;
mod openapi;
mod paths;
mod service;
mod setup;
mod step;
mod test;
mod token;
mod up;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Builds, runs and checks Campus Desk."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sets the machine up, builds everything and runs the desk until Ctrl-C.
    Up(up::Options),
    /// Runs the desk from unoptimised builds, with the browser app reloading on every edit.
    Dev(dev::Options),
    /// Runs every check and every test.
    Test(test::Options),
    /// Measures the desk beside the smallest handler and beside PostgreSQL itself, and its pages in a browser.
    Bench(bench::Options),
    /// Format, lints, licences and import rules.
    Check,
    /// Trains the triage model on data/corpus and writes data/model.
    Train {
        /// Passed on to `campusdesk-analytics train`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Measures the triage model on a labelled file, or in folds of the corpus without one; `evaluate search` measures
    /// search and similar reports on data/search.
    Evaluate {
        /// A CSV file with the columns text and category, or the word search.
        file: Option<PathBuf>,
        /// Passed on to `campusdesk-analytics evaluate`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Writes docs/openapi.json.
    Openapi,
}

fn main() -> ExitCode {
    let command = Cli::parse().command;
    let result = interrupt::listen().and_then(|()| match command {
        Command::Up(options) => up::run(&options),
        Command::Dev(options) => dev::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Check => check::run(),
        Command::Train { rest } => openapi::train(&rest),
        Command::Evaluate { file, .. } if file.as_deref() == Some("search".as_ref()) => {
            openapi::evaluate_search()
        }
        Command::Evaluate { file, rest } => openapi::evaluate(file.as_deref(), &rest),
        Command::Openapi => openapi::write(),
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

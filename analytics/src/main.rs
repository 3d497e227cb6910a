//! `campusdesk-analytics`: serves analyses over the ticket API's change feed.

use std::process::ExitCode;

use analytics::{
    clock::Clock,
    config::ServeArgs,
    learn::{
        evaluate::{self, EvaluateArgs},
        train::{self, TrainArgs},
    },
    service::Service,
};
use clap::{Parser, Subcommand};

/// The analytics service of Campus Desk
#[derive(Debug, Parser)]
#[command(name = "campusdesk-analytics", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Follow the ticket API and answer analyses
    Serve(ServeArgs),
    /// Train the classifier on a folder of labelled sentences and write its model file
    Train(TrainArgs),
    /// Measure the classifier on labelled sentences
    Evaluate(EvaluateArgs),
}

#[actix_web::main]
async fn main() -> ExitCode {
    telemetry::init_tracing();
    let result = match Cli::parse().command {
        Command::Serve(args) => serve(&args).await,
        Command::Train(args) => train::run(&args).await,
        Command::Evaluate(args) => evaluate::run(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("campusdesk-analytics: {e:#}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(args: &ServeArgs) -> anyhow::Result<()> {
    let service = Service::start(args, Clock::system())?;
    tracing::info!(address = %service.address, api = args.api_url, tz = %args.tz, "analytics answers");
    service.run().await?;
    Ok(())
}

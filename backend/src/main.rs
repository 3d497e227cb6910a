//! `campusdesk-backend`: the ticket API and the commands around its database.

use std::process::ExitCode;

use backend::{
    config::{DatabaseArgs, ServeArgs},
    db::migrate,
    openapi,
    serve::{self, Database},
};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "campusdesk-backend", version, about = "The ticket API of Campus Desk")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer requests; without a database to use, run a private PostgreSQL.
    Serve(ServeArgs),
    /// Bring the database to the newest schema, and stamp restored rows anew.
    Migrate(DatabaseArgs),
    /// Print the OpenAPI document.
    Openapi,
}

#[actix_web::main]
async fn main() -> ExitCode {
    telemetry::init_tracing();
    match run(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("campusdesk-backend: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(args) => serve::run(args).await,
        Command::Migrate(args) => {
            let database = Database::open(&args).await?;
            let migrated = migrate::run(&database.url).await;
            database.close().await?;
            migrated
        }
        Command::Openapi => {
            println!("{}", openapi::api().to_pretty_json()?);
            Ok(())
        }
    }
}

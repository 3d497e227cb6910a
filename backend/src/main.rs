//! `campusdesk-backend`: the ticket API and the commands around its database.

use std::process::ExitCode;

use backend::{
    config::{DatabaseArgs, ServeArgs},
    db::migrate,
    demo::{self, DemoArgs},
    openapi, photos,
    serve::{self, Database},
    transfer::{self, ExportArgs, ImportArgs},
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
    Serve(Box<ServeArgs>),
    /// Bring the database to the newest schema, and stamp restored rows anew.
    Migrate(DatabaseArgs),
    /// Load tickets from a CSV file, all or none.
    Import(ImportArgs),
    /// Write every ticket to a CSV file that `import` reads.
    Export(ExportArgs),
    /// Fill the desk with invented tickets.
    Demo(DemoArgs),
    /// Read one photo and write what may be kept of it: what `serve` runs for each upload.
    #[command(hide = true)]
    PreparePhoto,
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
        Command::Serve(args) => serve::run(*args).await,
        Command::Migrate(args) => {
            let database = Database::open_beside(&args).await?;
            let migrated = migrate::run(&database.url).await;
            database.close().await?;
            migrated
        }
        Command::Import(args) => transfer::run_import(args).await,
        Command::PreparePhoto => photos::prepare_on_stdin(),
        Command::Export(args) => transfer::run_export(args).await,
        Command::Demo(args) => demo::run(args).await,
        Command::Openapi => {
            println!("{}", openapi::api().to_pretty_json()?);
            Ok(())
        }
    }
}

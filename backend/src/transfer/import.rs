//! `import`: every line, or none.

use std::{
    collections::HashSet,
    fs::File,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use chrono_tz::Tz;
use clap::Args;

use super::record::{COLUMNS, Parsed, Record};
use crate::{
    config::DatabaseArgs,
    db::{bulk::BulkLoad, migrate},
    serve::Database,
};

/// What to import.
#[derive(Debug, Clone, Args)]
pub struct ImportArgs {
    /// A CSV file with the header `opened_at,closed_at,category,text` and, if wanted, more columns (docs/OPERATIONS.md).
    pub file: PathBuf,
    /// Import the lines that can be read and leave out the others.
    #[arg(long)]
    pub skip_bad: bool,
    /// The time zone of dates without a time.
    #[arg(long, env = "CAMPUSDESK_TZ", default_value = "UTC")]
    pub tz: Tz,
    /// Which database.
    #[command(flatten)]
    pub database: DatabaseArgs,
}

/// What became of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// How many tickets were loaded.
    pub imported: usize,
    /// The lines left out: number in the file, and why.
    pub bad: Vec<(u64, String)>,
}

/// Imports the file and prints what became of it.
///
/// # Errors
/// If the file or the database cannot be read, or a line is wrong and `--skip-bad` was not given.
pub async fn run(args: ImportArgs) -> anyhow::Result<()> {
    let (rows, bad) = read_file(&args.file, args.tz)?;
    for (line, reason) in &bad {
        eprintln!("line {line}: {reason}");
    }
    if !bad.is_empty() && !args.skip_bad {
        bail!(
            "{} of {} lines are wrong; nothing was imported. Mend them, or leave them out with --skip-bad",
            bad.len(),
            bad.len() + rows.len()
        );
    }
    let database = Database::open_beside(&args.database).await?;
    let loaded = load(&database.url, rows).await;
    database.close().await?;
    let report = ImportReport { imported: loaded?, bad };
    println!("{} tickets imported, {} lines left out", report.imported, report.bad.len());
    Ok(())
}

type BadLines = Vec<(u64, String)>;

fn read_file(file: &Path, tz: Tz) -> anyhow::Result<(Vec<Parsed>, BadLines)> {
    let open = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut reader = csv::Reader::from_reader(open);
    let header = reader.headers().context("the file has no header")?.clone();
    if let Some(unknown) = header.iter().find(|column| !COLUMNS.contains(column)) {
        bail!(
            "the column {unknown} is not known; take it out, or name one of {}",
            COLUMNS.join(", ")
        );
    }
    for needed in &COLUMNS[..4] {
        if !header.iter().any(|column| column == *needed) {
            bail!(
                "the header lacks the column {needed}; it must name opened_at, closed_at, category and text"
            );
        }
    }
    let (mut rows, mut bad) = (Vec::new(), Vec::new());
    let mut ids = HashSet::new();
    for record in reader.into_records() {
        let line = |position: Option<&csv::Position>| position.map_or(0, csv::Position::line);
        match record {
            Ok(record) => {
                let parsed = record
                    .deserialize::<Record>(Some(&header))
                    .map_err(|error| error.to_string())
                    .and_then(|record| record.parse(tz));
                match parsed {
                    Ok(Parsed { id: Some(id), .. }) if !ids.insert(id) => {
                        bad.push((line(record.position()), format!("id {id} was there before")));
                    }
                    Ok(parsed) => rows.push(parsed),
                    Err(reason) => bad.push((line(record.position()), reason)),
                }
            }
            Err(error) => bad.push((line(error.position()), error.to_string())),
        }
    }
    Ok((rows, bad))
}

async fn load(database_url: &str, rows: Vec<Parsed>) -> anyhow::Result<usize> {
    migrate::run(database_url).await?;
    let mut bulk = BulkLoad::begin(database_url).await?;
    // Numbers are kept in an empty desk, so that an export comes back as it was; elsewhere they are taken.
    let keep_ids = bulk.was_empty();
    let count = rows.len();
    for Parsed { id, assignee, mut ticket } in rows {
        if let Some(name) = assignee {
            ticket.assignee = Some(bulk.staff(&name).await?);
        }
        bulk.add(id.filter(|_| keep_ids), &ticket).await?;
    }
    bulk.finish().await?;
    Ok(count)
}

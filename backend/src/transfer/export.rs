//! `export`: the desk as it was at one instant. What is secret (the browsers) stays inside.

use std::{fs::File, io::Write, path::PathBuf};

use anyhow::Context as _;
use api_types::Event;
use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use diesel_async::{AsyncConnection as _, AsyncPgConnection};

use super::record::{COLUMNS, Record};
use crate::{
    config::DatabaseArgs,
    convert,
    db::{
        bulk::{BulkEvent, BulkMessage},
        queries, rows,
    },
    serve::Database,
};

/// Where to.
#[derive(Debug, Clone, Args)]
pub struct ExportArgs {
    /// The CSV file to write; standard output unless given.
    #[arg(long, short)]
    pub output: Option<PathBuf>,
    /// Which database.
    #[command(flatten)]
    pub database: DatabaseArgs,
}

/// So many tickets are held in memory at a time.
const BATCH: i64 = 1_000;

/// Writes the file.
///
/// # Errors
/// If the database or the file fails.
pub async fn run(args: ExportArgs) -> anyhow::Result<()> {
    let database = Database::open_beside(&args.database).await?;
    let written = match &args.output {
        Some(path) => {
            let file =
                File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
            write_desk(&database.url, file).await
        }
        None => write_desk(&database.url, std::io::stdout()).await,
    };
    database.close().await?;
    eprintln!("{} tickets exported", written?);
    Ok(())
}

/// Writes every ticket of a database, in one snapshot; answers how many.
///
/// # Errors
/// If the database or the writer fails.
pub async fn write_desk(database_url: &str, to: impl Write + Send) -> anyhow::Result<usize> {
    let mut conn =
        AsyncPgConnection::establish(database_url).await.context("cannot reach the database")?;
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(to);
    // Written by hand, so that an empty desk too becomes a file that `import` reads.
    writer.write_record(COLUMNS)?;
    conn.build_transaction()
        .repeatable_read()
        .read_only()
        .run(async |conn| write_tickets(conn, &mut writer).await)
        .await
}

async fn write_tickets<W: Write>(
    conn: &mut AsyncPgConnection,
    writer: &mut csv::Writer<W>,
) -> anyhow::Result<usize> {
    let (mut after, mut count) = (0, 0);
    loop {
        let batch = queries::export::list_tickets(conn, after, BATCH).await?;
        let (Some((first, ..)), Some((last, ..))) = (batch.first(), batch.last()) else { break };
        let range = (first.id, last.id);
        after = last.id.0;
        let mut messages =
            queries::export::list_messages(conn, range).await?.into_iter().peekable();
        let mut events = queries::export::list_events(conn, range).await?.into_iter().peekable();
        for (ticket, guess, guess_model) in batch {
            let mut thread = Vec::new();
            while let Some(message) = messages.next_if(|message| message.ticket_id == ticket.id) {
                thread.push(BulkMessage {
                    role: message.author_role,
                    name: message.author_name,
                    body: message.body,
                    internal: message.internal,
                    at: message.created_at,
                });
            }
            let mut history = Vec::new();
            while let Some((_, event)) = events.next_if(|(id, _)| *id == ticket.id) {
                let internal = event.internal;
                let Event { at, role, name, what, from, to, .. } =
                    convert::event(event, ticket.id)?;
                history.push(BulkEvent { at, role, name, what, from, to, internal });
            }
            let record = Record {
                guess: guess.map(|guess| guess.to_string()).unwrap_or_default(),
                guess_model: guess_model.unwrap_or_default(),
                ..record(ticket, &thread, &history)?
            };
            writer.serialize(record)?;
            count += 1;
        }
    }
    writer.flush()?;
    Ok(count)
}

fn record(
    ticket: rows::Ticket,
    thread: &[BulkMessage],
    history: &[BulkEvent],
) -> Result<Record, serde_json::Error> {
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Micros, true);
    let json = |empty, text: Result<String, _>| if empty { Ok(String::new()) } else { text };
    Ok(Record {
        opened_at: time(ticket.opened_at),
        closed_at: ticket.closed_at.map(time).unwrap_or_default(),
        category: ticket.category.to_string(),
        text: ticket.description,
        title: ticket.title,
        location: ticket.location.unwrap_or_default(),
        status: ticket.status.to_string(),
        id: ticket.id.to_string(),
        activated_at: ticket.activated_at.map(time).unwrap_or_default(),
        modified_at: time(ticket.modified_at),
        resolution: ticket.resolution.unwrap_or_default(),
        category_by: ticket.category_by.to_string(),
        confidence: ticket.confidence.map(|p| p.to_string()).unwrap_or_default(),
        unsure: ticket.unsure.to_string(),
        assignee: ticket.assignee_name.unwrap_or_default(),
        version: ticket.version.to_string(),
        messages: json(thread.is_empty(), serde_json::to_string(thread))?,
        history: json(history.is_empty(), serde_json::to_string(history))?,
        ..Record::default()
    })
}

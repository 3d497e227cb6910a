//! Tickets in bulk, with their threads and histories, through COPY in one transaction. Import and demo use it.

use std::fmt::Write as _;

use anyhow::Context as _;
use api_types::{Category, CategoryBy, EventKind, Role, StaffId, Status};
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use futures_util::SinkExt as _;
use serde::{Deserialize, Serialize};
use tokio_postgres::{Client, NoTls};

use crate::domain::summary::{summarise_thread, telling_sentence};

/// A ticket as it is loaded: any status with consistent dates.
#[derive(Debug, Clone)]
pub struct BulkTicket {
    /// In a few words.
    pub title: String,
    /// What is wrong.
    pub description: String,
    /// Where.
    pub location: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Which desk it belongs to.
    pub category: Category,
    /// Who decided that.
    pub category_by: CategoryBy,
    /// The classifier's confidence, where it decided at first.
    pub confidence: Option<f64>,
    /// Whether nobody is sure of the category.
    pub unsure: bool,
    /// What the classifier said, and the version of its model.
    pub guess: Option<(Category, String)>,
    /// What was done.
    pub resolution: Option<String>,
    /// When it was reported.
    pub opened_at: DateTime<Utc>,
    /// When it changed.
    pub modified_at: DateTime<Utc>,
    /// When work began.
    pub activated_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Who works on it.
    pub assignee: Option<StaffId>,
    /// Counts changes.
    pub version: i64,
    /// The thread, oldest first.
    pub messages: Vec<BulkMessage>,
    /// The history, oldest first.
    pub events: Vec<BulkEvent>,
}

/// A message as it is loaded and exported.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BulkMessage {
    /// As whom.
    pub role: Role,
    /// By whom.
    pub name: Option<String>,
    /// The text.
    pub body: String,
    /// For staff alone.
    pub internal: bool,
    /// When.
    pub at: DateTime<Utc>,
}

/// A line of history as it is loaded and exported.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BulkEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// As whom.
    pub role: Role,
    /// By whom.
    pub name: Option<String>,
    /// What changed.
    pub what: EventKind,
    /// Before.
    pub from: Option<String>,
    /// After.
    pub to: Option<String>,
    /// For staff alone.
    #[serde(default)]
    pub internal: bool,
}

/// As many tickets are sent at once; what waits in memory stays small.
const BATCH: usize = 5_000;

/// A load under way. Nothing of it is seen before [`BulkLoad::finish`].
pub struct BulkLoad {
    client: Client,
    next_id: i64,
    buffered: usize,
    tickets: String,
    summaries: String,
    messages: String,
    events: String,
    was_empty: bool,
}

impl BulkLoad {
    /// Opens a connection and a transaction, and holds back other creating requests until the end.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub async fn begin(database_url: &str) -> anyhow::Result<Self> {
        let (client, connection) = tokio_postgres::connect(database_url, NoTls)
            .await
            .context("cannot reach the database")?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::error!("bulk load: {error}");
            }
        });
        client
            .batch_execute("SET jit = off; BEGIN; SET LOCAL campusdesk.loading = 'on'; LOCK TABLE tickets IN SHARE ROW EXCLUSIVE MODE")
            .await
            .context("cannot hold the tickets")?;
        let last: i64 =
            client.query_one("SELECT coalesce(max(id), 0) FROM tickets", &[]).await?.get(0);
        Ok(Self {
            client,
            next_id: last + 1,
            buffered: 0,
            tickets: String::new(),
            summaries: String::new(),
            messages: String::new(),
            events: String::new(),
            was_empty: last == 0,
        })
    }

    /// Whether the desk had no ticket before this load.
    #[must_use]
    pub const fn was_empty(&self) -> bool {
        self.was_empty
    }

    /// The staff member of this name, added to the roster if there is none.
    ///
    /// # Errors
    /// If the database refuses the name.
    pub async fn staff(&self, name: &str) -> anyhow::Result<StaffId> {
        let sql = "INSERT INTO staff (name) VALUES ($1) ON CONFLICT (lower(name)) DO NOTHING";
        self.client.execute(sql, &[&name]).await?;
        let sql = "SELECT id FROM staff WHERE lower(name) = lower($1)";
        Ok(StaffId(self.client.query_one(sql, &[&name]).await?.get(0)))
    }

    /// Adds a ticket under this number, or under the next free one.
    ///
    /// # Errors
    /// If the database refuses a batch.
    pub async fn add(&mut self, id: Option<i64>, ticket: &BulkTicket) -> anyhow::Result<()> {
        let id = id.unwrap_or(self.next_id);
        self.next_id = self.next_id.max(id + 1);
        self.write_ticket(id, ticket);
        for message in &ticket.messages {
            write_message(&mut self.messages, id, message);
        }
        for event in &ticket.events {
            write_event(&mut self.events, id, event);
        }
        self.buffered += 1;
        if self.buffered >= BATCH { self.send().await } else { Ok(()) }
    }

    /// Adds a published article; answers its number.
    ///
    /// # Errors
    /// If the database refuses it.
    pub async fn add_article(
        &self,
        title: &str,
        category: Category,
        body: &str,
    ) -> anyhow::Result<i64> {
        let sql = "INSERT INTO articles (title, category, body, published) VALUES ($1, $2, $3, true) RETURNING id";
        let row = self.client.query_one(sql, &[&title, &category.as_str(), &body]).await?;
        Ok(row.get(0))
    }

    /// Sends what waits, moves the numbering on, and commits.
    ///
    /// # Errors
    /// If the database refuses; then nothing was loaded.
    pub async fn finish(mut self) -> anyhow::Result<()> {
        self.send().await?;
        // Word by word this would take ten times as long.
        // What was loaded in this transaction is unknown to the planner until somebody looks.
        self.client.batch_execute("ANALYZE tickets, messages; SELECT index_new_tickets()").await?;
        let sql = "INSERT INTO locations (name) SELECT DISTINCT location FROM tickets \
                   WHERE location IS NOT NULL ON CONFLICT DO NOTHING";
        self.client.batch_execute(sql).await?;
        let sql =
            "SELECT setval(pg_get_serial_sequence('tickets', 'id'), greatest($1::bigint, 1), $2)";
        let last = self.next_id - 1;
        self.client.query_one(sql, &[&last, &(last > 0)]).await?;
        self.client
            .batch_execute(
                "COMMIT; ANALYZE tickets, messages, events, ticket_words, known_words, articles",
            )
            .await?;
        Ok(())
    }

    async fn send(&mut self) -> anyhow::Result<()> {
        for (sql, rows) in [
            (COPY_TICKETS, &mut self.tickets),
            (COPY_SUMMARIES, &mut self.summaries),
            (COPY_MESSAGES, &mut self.messages),
            (COPY_EVENTS, &mut self.events),
        ] {
            if !rows.is_empty() {
                let sink = self.client.copy_in::<_, Bytes>(sql).await?;
                let mut sink = std::pin::pin!(sink);
                sink.send(Bytes::from(std::mem::take(rows))).await?;
                sink.finish().await?;
            }
        }
        self.buffered = 0;
        Ok(())
    }

    fn write_ticket(&mut self, id: i64, ticket: &BulkTicket) {
        let notes = ticket.messages.iter().filter(|message| message.internal).count();
        let mut row = Row(&mut self.tickets);
        row.value(id).text(Some(&ticket.title)).text(Some(&ticket.description));
        row.text(ticket.location.as_deref()).value(ticket.status).value(ticket.category);
        row.value(ticket.category_by).optional(ticket.confidence).value(ticket.unsure);
        row.text(ticket.resolution.as_deref()).time(Some(ticket.opened_at));
        row.time(Some(ticket.modified_at)).time(ticket.activated_at).time(ticket.closed_at);
        row.optional(ticket.assignee).value(ticket.messages.len() - notes).value(notes);
        row.value(ticket.version).optional(ticket.guess.as_ref().map(|(category, _)| category));
        row.text(ticket.guess.as_ref().map(|(_, model)| model.as_str())).end();
        let mut row = Row(&mut self.summaries);
        let public = ticket.messages.iter().filter(|message| !message.internal);
        let thread = public.map(|message| (message.role, message.body.as_str()));
        let (done, now) = summarise_thread(thread, ticket.resolution.as_deref());
        row.value(id).text(telling_sentence(&ticket.description).as_deref());
        row.text(done.as_deref()).text(now.as_deref()).end();
    }
}

const COPY_TICKETS: &str = "COPY tickets (id, title, description, location, status, category, \
    category_by, confidence, unsure, resolution, opened_at, modified_at, activated_at, closed_at, \
    assignee_id, messages, notes, version, guess, guess_model) FROM STDIN";
const COPY_SUMMARIES: &str = "COPY ticket_summaries (ticket_id, reported, done, now) FROM STDIN";
const COPY_MESSAGES: &str =
    "COPY messages (ticket_id, author_role, author_name, body, internal, created_at) FROM STDIN";
const COPY_EVENTS: &str =
    "COPY events (ticket_id, at, role, name, what, from_value, to_value, internal) FROM STDIN";

fn write_message(rows: &mut String, ticket: i64, message: &BulkMessage) {
    let mut row = Row(rows);
    row.value(ticket).value(message.role).text(message.name.as_deref()).text(Some(&message.body));
    row.value(message.internal).time(Some(message.at)).end();
}

fn write_event(rows: &mut String, ticket: i64, event: &BulkEvent) {
    let mut row = Row(rows);
    row.value(ticket).time(Some(event.at)).value(event.role).text(event.name.as_deref());
    row.value(event.what.as_str()).text(event.from.as_deref()).text(event.to.as_deref());
    row.value(event.internal).end();
}

/// One line of COPY's text format.
///
/// # Source
/// PostgreSQL documentation, COPY, «Text Format».
struct Row<'a>(&'a mut String);

impl Row<'_> {
    fn value(&mut self, value: impl std::fmt::Display) -> &mut Self {
        // Writing into a String cannot fail.
        let _ = write!(self.0, "{value}\t");
        self
    }

    fn optional(&mut self, value: Option<impl std::fmt::Display>) -> &mut Self {
        match value {
            Some(value) => self.value(value),
            None => self.value("\\N"),
        }
    }

    fn time(&mut self, time: Option<DateTime<Utc>>) -> &mut Self {
        self.optional(time.map(|time| time.to_rfc3339_opts(SecondsFormat::Micros, true)))
    }

    fn text(&mut self, text: Option<&str>) -> &mut Self {
        let Some(text) = text else { return self.value("\\N") };
        for c in text.chars() {
            match c {
                '\\' => self.0.push_str("\\\\"),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                '\t' => self.0.push_str("\\t"),
                c => self.0.push(c),
            }
        }
        self.0.push('\t');
        self
    }

    /// The last tab becomes the end of the line.
    fn end(&mut self) {
        self.0.pop();
        self.0.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_every_special_character_stays_one_field_of_one_line() {
        let mut line = String::new();
        Row(&mut line).text(Some("a\tb\\c\nd\re")).text(None).value(1).end();
        assert_eq!(line, "a\\tb\\\\c\\nd\\re\t\\N\t1\n");
    }
}

//! A connection of its own that hears what other processes say, and says what they should hear.

use std::future::poll_fn;

use tokio::sync::mpsc;
use tokio_postgres::{AsyncMessage, Client, NoTls};

/// The channel of all processes of one desk.
const CHANNEL: &str = "campusdesk";
/// So many notices wait at most. One that finds no place is lost, which the feed makes good a second later.
const BACKLOG: usize = 1_024;
/// A notice is no data: it need not be on disk.
const SESSION: &str = "SET synchronous_commit = off; LISTEN campusdesk";
/// PostgreSQL takes notices of less than 8,000 bytes.
pub const NOTICE_MAX_BYTES: usize = 7_900;

/// LISTEN and NOTIFY. It cannot go through a transaction pooler, which would drop the subscription.
pub struct Listener {
    client: Client,
    notices: mpsc::Receiver<String>,
}

impl Listener {
    /// Opens the connection and subscribes.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub async fn connect(url: &str) -> Result<Self, tokio_postgres::Error> {
        let (client, mut connection) = tokio_postgres::connect(url, NoTls).await?;
        let (sender, notices) = mpsc::channel(BACKLOG);
        tokio::spawn(async move {
            while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
                if let AsyncMessage::Notification(notice) = message {
                    let _ = sender.try_send(notice.payload().to_owned());
                }
            }
        });
        client.batch_execute(SESSION).await?;
        Ok(Self { client, notices })
    }

    /// Says something to every process, this one included.
    ///
    /// # Errors
    /// If the connection is gone.
    pub async fn notify(&self, notice: &str) -> Result<(), tokio_postgres::Error> {
        self.client.execute("SELECT pg_notify($1, $2)", &[&CHANNEL, &notice]).await.map(drop)
    }

    /// The next notice; `None` once the connection is gone.
    pub async fn next(&mut self) -> Option<String> {
        self.notices.recv().await
    }
}

//! The task that turns commits of all processes into events.

use std::time::Duration;

use actix_web::web;
use api_types::{LiveEvent, LiveKind};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::{
    signal::unix::{SignalKind, signal},
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout},
};
use triage::Model;
use uuid::Uuid;

use super::{lock, presence::Seat, render};
use crate::{
    app::App,
    db::{
        listen::{Listener, NOTICE_MAX_BYTES},
        queries::{
            feed::{self, Move},
            triage_model,
        },
    },
    domain::feed::{Lineage, Position},
    error::AppError,
};

/// The feed is read at most this often, and as often other processes are told that there is something to read.
const PACE: Duration = Duration::from_millis(100);
/// The feed is read at least this often, whether or not a notice came.
const AT_LEAST: Duration = Duration::from_secs(1);
/// Sent now and then, so that neither a proxy nor a dead connection goes unnoticed.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(15);
/// A database that says nothing for this long is away; the task has streams to end and to keep alive meanwhile.
const PATIENCE: Duration = Duration::from_secs(3);
/// So many moves are told one by one; of more at once everybody reads what they have open anew, which no screen does more
/// often than every 1.5 seconds. Two thousand streams would carry a hundred megabytes a second otherwise.
const MOVES: i64 = 50;

/// What processes tell each other: that there is something to read, and who is where.
#[derive(Serialize, Deserialize)]
struct Notice {
    from: Uuid,
    seats: Vec<Seat>,
}

/// Follows the feed until the process is asked to stop; then every stream ends.
pub(crate) async fn follow(app: web::Data<App>, listen_url: String) {
    let mut follower = Follower {
        app,
        listen_url,
        id: Uuid::new_v4(),
        listener: None,
        is_deaf: false,
        after: None,
        next_read: Instant::now(),
        last_read: Instant::now(),
        next_notice: Instant::now(),
        has_news: false,
        unreadable: None,
    };
    let stop = asked_to_stop();
    tokio::pin!(stop);
    let mut heartbeat = interval(HEARTBEAT_EVERY);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        let app = follower.app.clone();
        tokio::select! {
            () = &mut stop => break,
            _ = heartbeat.tick() => app.live().send_to_all(&render(&[LiveEvent::ALIVE])),
            () = sleep_until(follower.next_read) => follower.read().await,
            () = app.live().news.notified(), if !follower.has_news => follower.has_news = true,
            () = sleep_until(follower.next_notice), if follower.has_news => follower.tell().await,
            notice = next_notice(&mut follower.listener) => follower.hear(notice),
        }
    }
    follower.app.live().send_to_all(&Bytes::new());
}

async fn next_notice(listener: &mut Option<Listener>) -> Option<String> {
    match listener {
        Some(listener) => listener.next().await,
        None => std::future::pending().await,
    }
}

async fn asked_to_stop() {
    let (Ok(mut term), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
    }
}

struct Follower {
    app: web::Data<App>,
    listen_url: String,
    /// Tells this process' own notices from others'.
    id: Uuid,
    listener: Option<Listener>,
    /// Whether it was said already that there is no listener.
    is_deaf: bool,
    /// Up to where the feed was read.
    after: Option<(Lineage, Position)>,
    next_read: Instant,
    last_read: Instant,
    next_notice: Instant,
    /// This process committed something that nobody was told of yet.
    has_news: bool,
    /// The version of a model that cannot be read.
    unreadable: Option<String>,
}

impl Follower {
    /// Tells every process, this one included, that there is something to read.
    async fn tell(&mut self) {
        self.has_news = false;
        self.next_notice = Instant::now() + PACE;
        let seats = std::mem::take(&mut *lock(&self.app.live().unsaid));
        self.read_soon();
        let Some(listener) = &self.listener else { return };
        for notice in write_notices(self.id, seats) {
            if !matches!(timeout(PATIENCE, listener.notify(&notice)).await, Ok(Ok(()))) {
                tracing::warn!(
                    "other processes were not told at once: the connection for LISTEN is gone"
                );
                self.listener = None;
                return;
            }
        }
    }

    fn hear(&mut self, notice: Option<String>) {
        let Some(notice) = notice else {
            self.listener = None;
            return;
        };
        self.read_soon();
        // Whoever else speaks on the channel does no harm: the feed is read once more.
        let Ok(notice) = serde_json::from_str::<Notice>(&notice) else { return };
        if notice.from == self.id {
            return;
        }
        let live = self.app.live();
        for seat in notice.seats {
            if lock(&live.board).take(&seat) {
                live.send_to_staff(&[LiveEvent::presence(seat.ticket)]);
            }
        }
    }

    fn read_soon(&mut self) {
        self.next_read = self.next_read.min(self.last_read + PACE);
    }

    async fn read(&mut self) {
        self.last_read = Instant::now();
        self.next_read = self.last_read + AT_LEAST;
        self.listen().await;
        let live = self.app.live();
        let left = lock(&live.board).forget(self.last_read.into_std());
        if !left.is_empty() {
            live.send_to_staff(&left.into_iter().map(LiveEvent::presence).collect::<Vec<_>>());
        }
        match timeout(PATIENCE, self.read_model()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!("the model stays as it is: {error}"),
            Err(_) => tracing::warn!("the model stays as it is: the database does not answer"),
        }
        match timeout(PATIENCE, self.read_moves()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!("live events wait: {error}"),
            Err(_) => tracing::warn!("live events wait: the database does not answer"),
        }
    }

    /// Takes the model that is in use now, whoever chose it. One that this program cannot read is left alone until another
    /// is chosen.
    async fn read_model(&mut self) -> Result<(), AppError> {
        let mut conn = self.app.db().await?;
        let wanted = triage_model::find_active_version(&mut conn).await?;
        let wanted = wanted.unwrap_or_else(|| Model::shipped().version().to_owned());
        if wanted == self.app.classifier().model().version()
            || self.unreadable.as_ref() == Some(&wanted)
        {
            return Ok(());
        }
        let file = triage_model::find_file(&mut conn, &wanted).await?;
        let file = file.unwrap_or_else(|| Model::shipped_file().to_vec());
        match web::block(move || Model::parse(&file)).await {
            Ok(Ok(model)) => self.app.classifier().switch(model),
            Ok(Err(error)) => {
                tracing::error!("model {wanted} cannot be read, the one before stays: {error}");
                self.unreadable = Some(wanted);
            }
            // The process is being stopped.
            Err(_) => {}
        }
        Ok(())
    }

    /// Opens the connection for LISTEN if it is not there. Without it events come a second later.
    async fn listen(&mut self) {
        if self.listener.is_some() {
            return;
        }
        let failure = match timeout(PATIENCE, Listener::connect(&self.listen_url)).await {
            Ok(Ok(listener)) => {
                self.listener = Some(listener);
                self.is_deaf = false;
                return;
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer".to_owned(),
        };
        if !self.is_deaf {
            tracing::warn!("no connection for LISTEN, events come a second later: {failure}");
        }
        self.is_deaf = true;
    }

    async fn read_moves(&mut self) -> Result<(), AppError> {
        let mut conn = self.app.db().await?;
        let live = self.app.live();
        // Read before it is asked whether anyone listens: who comes later misses nothing that is committed later.
        let horizon = feed::read_horizon(&mut conn).await?;
        let settled = Position { changed_in: horizon.xmin - 1, ticket: i64::MAX };
        let known = self.after.filter(|(lineage, after)| {
            *lineage == horizon.lineage && after.changed_in < horizon.xmax
        });
        if known.is_none() {
            // Just started, or on restored data.
            live.send_to_all(&render(&[LiveEvent::RESYNC]));
        }
        let mut after = known.map_or(settled, |(_, after)| after);
        if !live.has_readers() {
            after = settled;
        }
        self.after = Some((horizon.lineage, after));
        let moves = match live.has_readers() {
            true => feed::list_moves(&mut conn, after, MOVES + 1).await?,
            false => Vec::new(),
        };
        if moves.len() > MOVES as usize {
            // An import: whoever has a screen open reads it anew sooner than a million events.
            self.after = Some((horizon.lineage, settled));
            live.send_to_all(&render(&[LiveEvent::RESYNC]));
            return Ok(());
        }
        if let Some(last) = moves.last() {
            self.after = Some((horizon.lineage, last.position));
            live.send_to_staff(&moves.iter().map(Move::for_staff).collect::<Vec<_>>());
        }
        let for_users: Vec<_> = moves.iter().filter_map(Move::for_users).collect();
        if !for_users.is_empty() {
            live.send_to_users(&for_users);
        }
        Ok(())
    }
}

impl Move {
    fn event(&self, kind: LiveKind) -> LiveEvent {
        LiveEvent {
            kind,
            id: Some(api_types::TicketId(self.position.ticket)),
            status: Some(self.status),
            category: Some(self.category),
            version: Some(self.version),
        }
    }

    fn for_staff(&self) -> LiveEvent {
        self.event(if self.edited { LiveKind::Ticket } else { LiveKind::Message })
    }

    /// Nothing for an internal note.
    fn for_users(&self) -> Option<LiveEvent> {
        (self.edited || self.answered).then(|| self.for_staff())
    }
}

/// One notice, or several if it would be too long for one.
fn write_notices(from: Uuid, seats: Vec<Seat>) -> Vec<String> {
    let whole = serde_json::to_string(&Notice { from, seats: seats.clone() }).unwrap_or_default();
    if whole.len() <= NOTICE_MAX_BYTES || seats.len() < 2 {
        return vec![whole];
    }
    let (left, right) = seats.split_at(seats.len() / 2);
    [left, right].into_iter().flat_map(|half| write_notices(from, half.to_vec())).collect()
}

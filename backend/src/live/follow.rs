//! The task that turns commits of all processes into events.

use std::time::Duration;

use actix_web::web;
use api_types::{LiveEvent, LiveKind};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::{
    signal::unix::{SignalKind, signal},
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};
use uuid::Uuid;

use super::{HEARTBEAT, lock, presence::Seat};
use crate::{
    app::App,
    db::{
        listen::{Listener, NOTICE_MAX_BYTES},
        queries::feed::{self, Move},
    },
    domain::feed::{Lineage, Position},
    error::AppError,
};

/// The feed is read at most this often, and as often other processes are told that there is something to read.
const PACE: Duration = Duration::from_millis(100);
/// The feed is read at least this often, whether or not a notice came.
const AT_LEAST: Duration = Duration::from_secs(1);
const HEARTBEAT_EVERY: Duration = Duration::from_secs(15);
/// So many moves are read at once.
const MOVES: i64 = 500;

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
        after: None,
        next_read: Instant::now(),
        last_read: Instant::now(),
        next_notice: Instant::now(),
        has_news: false,
    };
    let stop = asked_to_stop();
    tokio::pin!(stop);
    let mut heartbeat = interval(HEARTBEAT_EVERY);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        let app = follower.app.clone();
        tokio::select! {
            () = &mut stop => break,
            _ = heartbeat.tick() => app.live().send_to_all(&HEARTBEAT),
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
    /// Up to where the feed was read.
    after: Option<(Lineage, Position)>,
    next_read: Instant,
    last_read: Instant,
    next_notice: Instant,
    /// This process committed something that nobody was told of yet.
    has_news: bool,
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
            if let Err(error) = listener.notify(&notice).await {
                tracing::warn!("other processes were not told: {error}");
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
        if self.listener.is_none() {
            self.listener = Listener::connect(&self.listen_url).await.ok();
        }
        let live = self.app.live();
        let left = lock(&live.board).forget(self.last_read.into_std());
        if !left.is_empty() {
            live.send_to_staff(&left.into_iter().map(LiveEvent::presence).collect::<Vec<_>>());
        }
        if let Err(error) = self.read_moves().await {
            tracing::warn!("live events wait: {error}");
        }
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
            live.send_to_all(&super::render(&[LiveEvent::RESYNC]));
        }
        let mut after = known.map_or(settled, |(_, after)| after);
        if !live.has_readers() {
            after = settled;
        }
        self.after = Some((horizon.lineage, after));
        while live.has_readers() {
            let moves = feed::list_moves(&mut conn, after, MOVES).await?;
            let Some(last) = moves.last() else { break };
            after = last.position;
            self.after = Some((horizon.lineage, after));
            let for_users: Vec<_> = moves.iter().filter_map(Move::for_users).collect();
            if !for_users.is_empty() {
                live.send_to_users(&for_users);
            }
            live.send_to_staff(&moves.iter().map(Move::for_staff).collect::<Vec<_>>());
            if moves.len() < MOVES as usize {
                break;
            }
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

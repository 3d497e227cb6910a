//! Two thousand open streams of live events, as on a campus where everybody has the desk open, and what each of them hears.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::TcpStream,
    os::fd::AsFd as _,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use nix::{
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::resource::{Resource, getrlimit, setrlimit},
};

use super::desk::BenchDesk;

/// How many.
pub(super) const STREAMS: usize = 2_000;
/// The desk says that it is alive every 15 seconds: in this time each stream has to hear it twice.
const TWO_HEARTBEATS: Duration = Duration::from_secs(33);
/// How often it is looked whether the streams are wanted any more, in milliseconds.
const LOOK_EVERY: u16 = 200;

/// Streams that are being listened to.
pub(super) struct Streams {
    began: Instant,
    over: Arc<AtomicBool>,
    listener: JoinHandle<Result<Heard>>,
}

/// What the streams heard.
pub(super) struct Heard {
    /// Heartbeats that the stream with the fewest got.
    pub(super) fewest_heartbeats: u32,
    /// Events that the stream with the fewest got, heartbeats among them.
    pub(super) fewest_events: u32,
    /// For how long they were open.
    pub(super) time: Duration,
}

impl Streams {
    /// Opens the streams and begins to listen.
    ///
    /// # Errors  When the desk refuses one, or this process may not have so many open files.
    pub(super) fn open(desk: &BenchDesk) -> Result<Self> {
        let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
        setrlimit(Resource::RLIMIT_NOFILE, most, most)?;
        let address = desk.api();
        let request = format!("GET /api/v1/events?role=staff HTTP/1.1\r\nHost: {address}\r\n\r\n");
        let open = || -> Result<Listener> {
            let mut stream = TcpStream::connect(address)?;
            stream.write_all(request.as_bytes())?;
            stream.set_nonblocking(true)?;
            Ok(Listener { stream, pending: Vec::new(), events: 0, heartbeats: 0 })
        };
        let listeners = (0..STREAMS)
            .map(|_| open())
            .collect::<Result<Vec<_>>>()
            .context("not every stream of live events could be opened")?;
        let over = Arc::new(AtomicBool::new(false));
        let listener = {
            let over = Arc::clone(&over);
            thread::spawn(move || listen(listeners, &over))
        };
        Ok(Self { began: Instant::now(), over, listener })
    }

    /// Waits until each stream should have heard two heartbeats, and closes them.
    ///
    /// # Errors  When one of them ended or was forgotten.
    pub(super) fn finish(self) -> Result<Heard> {
        thread::sleep(TWO_HEARTBEATS.saturating_sub(self.began.elapsed()));
        self.over.store(true, Ordering::Relaxed);
        let heard = match self.listener.join() {
            Ok(heard) => heard?,
            Err(_) => bail!("The listener of the bench broke down."),
        };
        if heard.fewest_heartbeats < 2 {
            bail!("A stream of live events heard {} of two heartbeats.", heard.fewest_heartbeats);
        }
        Ok(Heard { time: self.began.elapsed(), ..heard })
    }
}

struct Listener {
    stream: TcpStream,
    /// An event of which only a part has come.
    pending: Vec<u8>,
    events: u32,
    heartbeats: u32,
}

impl Listener {
    fn read(&mut self, buffer: &mut [u8]) -> Result<()> {
        let count = match self.stream.read(buffer) {
            Ok(0) => bail!("A stream of live events ended."),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        self.pending.extend_from_slice(&buffer[..count]);
        while let Some(end) = self.pending.windows(2).position(|two| two == b"\n\n") {
            let event = String::from_utf8_lossy(&self.pending[..end]);
            self.events += 1;
            self.heartbeats += u32::from(event.contains("\"alive\""));
            self.pending.drain(..end + 2);
        }
        Ok(())
    }
}

fn listen(mut listeners: Vec<Listener>, over: &AtomicBool) -> Result<Heard> {
    let mut buffer = vec![0; 64 * 1024];
    while !over.load(Ordering::Relaxed) {
        let mut waiting: Vec<_> = listeners
            .iter()
            .map(|one| PollFd::new(one.stream.as_fd(), PollFlags::POLLIN))
            .collect();
        poll(&mut waiting, PollTimeout::from(LOOK_EVERY))?;
        let ready: Vec<bool> = waiting.iter().map(|one| one.any().unwrap_or(false)).collect();
        for (listener, _) in listeners.iter_mut().zip(ready).filter(|(_, ready)| *ready) {
            listener.read(&mut buffer)?;
        }
    }
    let fewest = |count: fn(&Listener) -> u32| listeners.iter().map(count).min().unwrap_or(0);
    Ok(Heard {
        fewest_heartbeats: fewest(|one| one.heartbeats),
        fewest_events: fewest(|one| one.events),
        time: Duration::ZERO,
    })
}

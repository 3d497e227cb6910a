//! A labeller that is not asked for ever, and not asked at all while it does not work.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use api_types::LabelSource;
use futures_util::{FutureExt as _, future::BoxFuture};
use tokio::time::{self, Instant};
use tracing::warn;

use crate::{Failure, Labeller, Photo, Prediction};

/// After this many failures of the service in a row it is left alone.
const MOST_FAILURES: u32 = 5;
/// For so long it is left alone, before one call tries again.
const PAUSE: Duration = Duration::from_secs(30);
/// A service that wants to be left alone for longer is asked again after so long all the same.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// A labeller with a time-out for each call, and a circuit breaker.
///
/// After five failures of the service in a row, 30 s long no call gets through; then a single one does, and what
/// comes of it decides whether the others may follow. A busy service is also left alone for as long as it asks for,
/// but no more than an hour. A photo that is refused counts as an answer. Time is Tokio's.
pub struct Guarded {
    labeller: Arc<dyn Labeller>,
    time_out: Duration,
    breaker: Mutex<Breaker>,
}

#[derive(Debug, Default)]
struct Breaker {
    /// Failures of the service since its last answer.
    failures: u32,
    /// Until then no call gets through.
    closed_until: Option<Instant>,
}

/// A call that may be made; the only one, where it is a trial.
struct Turn {
    is_trial: bool,
}

impl Guarded {
    /// Guards a labeller; a call takes `time_out` at most.
    #[must_use]
    pub fn new(labeller: Arc<dyn Labeller>, time_out: Duration) -> Self {
        Self { labeller, time_out, breaker: Mutex::default() }
    }

    /// How long a call has to wait; `None` if it would be made now.
    #[must_use]
    pub fn until_ready(&self) -> Option<Duration> {
        self.lock().until_ready(Instant::now())
    }

    async fn ask(&self, photo: &Photo) -> Result<Vec<Prediction>, Failure> {
        let turn = self.lock().take_turn(Instant::now(), self.time_out).map_err(|wait| {
            Failure::Away(format!("it is left alone for another {} s", wait.as_secs() + 1))
        })?;
        let said = match time::timeout(self.time_out, self.labeller.label(photo)).await {
            Ok(said) => said,
            Err(_) => Err(Failure::Away(format!("no answer within {:?}", self.time_out))),
        };
        let now = Instant::now();
        match &said {
            Err(failure) if failure.is_of_service() => {
                if self.lock().note_failure(failure, now) {
                    let source = self.source().as_str();
                    warn!(source, %failure, "the labeller does not work and is left alone");
                }
            }
            _ => self.lock().note_answer(&turn),
        }
        said
    }

    fn lock(&self) -> MutexGuard<'_, Breaker> {
        // Two plain values are right whoever panicked.
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Labeller for Guarded {
    fn source(&self) -> LabelSource {
        self.labeller.source()
    }

    fn needs_picture(&self) -> bool {
        self.labeller.needs_picture()
    }

    fn label<'a>(&'a self, photo: &'a Photo) -> BoxFuture<'a, Result<Vec<Prediction>, Failure>> {
        self.ask(photo).boxed()
    }
}

impl Breaker {
    fn until_ready(&self, now: Instant) -> Option<Duration> {
        let wait = self.closed_until?.saturating_duration_since(now);
        (!wait.is_zero()).then_some(wait)
    }

    /// A turn, or how long there is none.
    fn take_turn(&mut self, now: Instant, time_out: Duration) -> Result<Turn, Duration> {
        if let Some(wait) = self.until_ready(now) {
            return Err(wait);
        }
        let is_trial = self.failures >= MOST_FAILURES;
        // The others wait while a trial runs. One that is never heard of again is over after its time as well.
        self.closed_until = is_trial.then(|| now + time_out);
        Ok(Turn { is_trial })
    }

    fn note_answer(&mut self, turn: &Turn) {
        self.failures = 0;
        // An answer to an older call does not end a pause that the service has asked for since.
        if turn.is_trial {
            self.closed_until = None;
        }
    }

    /// Notes a failure, and says whether it is the one that closes the way.
    fn note_failure(&mut self, failure: &Failure, now: Instant) -> bool {
        self.failures = self.failures.saturating_add(1);
        let asked_for = match failure {
            Failure::Busy { retry_after } => *retry_after,
            _ => None,
        };
        let own = (self.failures >= MOST_FAILURES).then_some(PAUSE);
        if let Some(pause) = asked_for.max(own) {
            let until = now + pause.min(LONGEST_PAUSE);
            self.closed_until = self.closed_until.max(Some(until));
        }
        self.failures == MOST_FAILURES
    }
}

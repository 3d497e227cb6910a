//! The time-out and the circuit breaker, in time that the tests move.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use api_types::LabelSource;
use bytes::Bytes;
use futures_util::{FutureExt as _, future::BoxFuture};
use tokio::{sync::Notify, time::advance};
use vision::{Failure, Guarded, Labeller, Learned, Photo, Prediction};

type Said = Result<Vec<Prediction>, Failure>;

/// Says what it is told to, and counts how often it was asked. Without a word it waits at the gate, and then says that
/// there is nothing.
#[derive(Default)]
struct Scripted {
    said: Mutex<Option<Said>>,
    asked: AtomicUsize,
    gate: Notify,
}

impl Labeller for Scripted {
    fn source(&self) -> LabelSource {
        LabelSource::Onnx
    }

    fn label<'a>(&'a self, _: &'a Photo) -> BoxFuture<'a, Said> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let said = self.said.lock().unwrap().clone();
        async move {
            match said {
                Some(said) => said,
                None => {
                    self.gate.notified().await;
                    Ok(vec![])
                }
            }
        }
        .boxed()
    }
}

struct Desk {
    service: Arc<Scripted>,
    guarded: Guarded,
}

impl Desk {
    fn new() -> Self {
        let service = Arc::new(Scripted::default());
        let guarded = Guarded::new(service.clone(), seconds(10));
        Self { service, guarded }
    }

    /// Asks when the service would say this.
    async fn ask(&self, said: Option<Said>) -> Said {
        *self.service.said.lock().unwrap() = said;
        self.guarded.label(&photo()).await
    }

    async fn fail(&self, times: usize) {
        for _ in 0..times {
            assert_eq!(self.ask(Some(Err(away()))).await, Err(away()));
        }
    }

    fn asked(&self) -> usize {
        self.service.asked.load(Ordering::SeqCst)
    }
}

fn photo() -> Photo {
    Photo { webp: Bytes::new(), descriptor: Vec::new() }
}

fn away() -> Failure {
    Failure::Away("it is on holiday".to_owned())
}

fn busy(retry_after: Option<Duration>) -> Failure {
    Failure::Busy { retry_after }
}

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[tokio::test(start_paused = true)]
async fn a_call_without_an_answer_ends_after_its_time() {
    let desk = Desk::new();
    let start = tokio::time::Instant::now();
    let said = desk.ask(None).await;
    assert_eq!(said, Err(Failure::Away("no answer within 10s".to_owned())));
    // The clock of Tokio goes in steps of a millisecond.
    assert!(start.elapsed().abs_diff(seconds(10)) <= Duration::from_millis(2));
    assert_eq!(desk.guarded.source(), LabelSource::Onnx);
}

#[test]
fn a_guarded_labeller_needs_what_the_labeller_needs() {
    assert!(Desk::new().guarded.needs_picture());
    assert!(!Guarded::new(Arc::new(Learned::new()), seconds(10)).needs_picture());
}

#[tokio::test(start_paused = true)]
async fn five_failures_in_a_row_close_the_way_for_thirty_seconds() {
    let desk = Desk::new();
    desk.fail(4).await;
    assert_eq!(desk.guarded.until_ready(), None);
    desk.fail(1).await;
    assert_eq!(desk.guarded.until_ready(), Some(seconds(30)));
    advance(seconds(29)).await;
    assert_eq!(desk.guarded.until_ready(), Some(seconds(1)));
    assert!(matches!(desk.ask(Some(Ok(vec![]))).await, Err(Failure::Away(_))));
    assert_eq!(desk.asked(), 5, "a closed way lets no call through");
    advance(seconds(1)).await;
    assert_eq!(desk.guarded.until_ready(), None);
    assert_eq!(desk.ask(Some(Ok(vec![]))).await, Ok(vec![]));
    desk.fail(4).await;
    assert_eq!(desk.guarded.until_ready(), None, "the answer began a new count");
}

#[tokio::test(start_paused = true)]
async fn a_trial_that_fails_closes_the_way_again() {
    let desk = Desk::new();
    desk.fail(5).await;
    advance(seconds(30)).await;
    desk.fail(1).await;
    assert_eq!(desk.guarded.until_ready(), Some(seconds(30)));
}

#[tokio::test(start_paused = true)]
async fn while_a_trial_runs_the_others_wait() {
    let desk = Desk::new();
    desk.fail(5).await;
    advance(seconds(30)).await;
    let photo = photo();
    *desk.service.said.lock().unwrap() = None;
    let mut trial = desk.guarded.label(&photo);
    assert!((&mut trial).now_or_never().is_none());
    assert!(matches!(desk.ask(Some(Ok(vec![]))).await, Err(Failure::Away(_))));
    assert_eq!(desk.asked(), 6);
    // A trial that is given up says nothing; the next one may be made once its time is over.
    drop(trial);
    advance(seconds(10)).await;
    assert_eq!(desk.ask(Some(Ok(vec![]))).await, Ok(vec![]));
    assert_eq!(desk.guarded.until_ready(), None);
}

#[tokio::test(start_paused = true)]
async fn a_photo_that_is_refused_is_an_answer() {
    let desk = Desk::new();
    let refused = Failure::Refused("it is blank".to_owned());
    desk.fail(4).await;
    assert_eq!(desk.ask(Some(Err(refused.clone()))).await, Err(refused));
    desk.fail(4).await;
    assert_eq!(desk.guarded.until_ready(), None);
}

#[tokio::test(start_paused = true)]
async fn every_kind_of_failure_of_the_service_counts() {
    let desk = Desk::new();
    let unreadable = Failure::Unreadable("half".to_owned());
    for failure in [busy(None), away(), unreadable.clone(), busy(None), unreadable] {
        assert_eq!(desk.guarded.until_ready(), None);
        assert_eq!(desk.ask(Some(Err(failure.clone()))).await, Err(failure));
    }
    assert_eq!(desk.guarded.until_ready(), Some(seconds(30)));
}

#[tokio::test(start_paused = true)]
async fn a_busy_service_is_left_alone_for_as_long_as_it_asks_for_but_an_hour_at_most() {
    for (retry_after, pause) in [(7, 7), (90, 90), (1_000_000, 3600)] {
        let desk = Desk::new();
        let failure = busy(Some(seconds(retry_after)));
        assert_eq!(desk.ask(Some(Err(failure.clone()))).await, Err(failure));
        assert_eq!(desk.guarded.until_ready(), Some(seconds(pause)));
        advance(seconds(pause)).await;
        assert_eq!(desk.ask(Some(Ok(vec![]))).await, Ok(vec![]));
    }
}

#[tokio::test(start_paused = true)]
async fn an_older_answer_does_not_end_a_pause_that_was_asked_for() {
    let desk = Desk::new();
    let photo = photo();
    let mut older = desk.guarded.label(&photo);
    assert!((&mut older).now_or_never().is_none());
    let failure = busy(Some(seconds(60)));
    assert_eq!(desk.ask(Some(Err(failure.clone()))).await, Err(failure));
    desk.service.gate.notify_one();
    assert_eq!(older.await, Ok(vec![]));
    assert_eq!(desk.guarded.until_ready(), Some(seconds(60)));
}

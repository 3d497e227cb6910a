//! Following the feed.

use std::{sync::Arc, time::Duration};

use analytics::{clock::Clock, mirror::Mirror, source::Source};
use api_client::Client;
use api_types::{Category, Role, Status};
use chrono::Utc;
use chrono_tz::Tz;
use tokio::{task::JoinHandle, time::timeout};

use crate::fake_api::{FakeApi, Fault, ticket};

const DAY: &str = "2026-03-01T00:00:00Z";

struct Reader {
    mirror: Arc<Mirror>,
    task: JoinHandle<()>,
}

impl Reader {
    /// Follows the feed in small pages.
    fn follow(api: &FakeApi) -> Self {
        let mirror = Arc::new(Mirror::default());
        let source = Source {
            page_size: 7,
            ..Source::new(
                Client::new(&api.url(), Role::Staff, None, None).unwrap(),
                Arc::clone(&mirror),
                Clock::system(),
                Tz::UTC,
                Duration::from_millis(2),
            )
        };
        Self { mirror, task: tokio::spawn(source.follow()) }
    }

    /// The number of tickets known and their counts as (open, active, closed), and whether they are old.
    fn look(&self) -> Option<(usize, [u64; 3], bool)> {
        self.mirror.read(Utc::now(), |store, fresh| {
            let count = |status| Category::ALL.iter().map(|c| store.count(*c, status)).sum();
            (store.len(), [Status::Open, Status::Active, Status::Closed].map(count), fresh.stale)
        })
    }

    async fn sees(&self, known: usize, counts: [u64; 3], stale: bool) {
        let expected = Some((known, counts, stale));
        let seen = self.mirror.wait_until(|_| self.look() == expected);
        if timeout(Duration::from_secs(20), seen).await.is_err() {
            panic!("expected {expected:?}, saw {:?}", self.look());
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[actix_web::test]
async fn reading_from_nothing_ends_with_exactly_the_tickets_of_the_desk() {
    let api = FakeApi::start();
    for id in 1..=49 {
        api.put(ticket(id, "open", "it", DAY));
    }
    for id in 1..=9 {
        api.put(ticket(id, "active", "it", DAY));
    }
    let reader = Reader::follow(&api);
    reader.sees(49, [40, 9, 0], false).await;

    for id in 5..=20 {
        api.put(ticket(id, "closed", "services", DAY));
    }
    api.put(ticket(50, "open", "facility", DAY));
    reader.sees(50, [30, 4, 16], false).await;
}

#[actix_web::test]
async fn a_page_that_does_not_arrive_whole_loses_and_doubles_nothing() {
    for fault in [Fault::Broken, Fault::HalfJson] {
        let api = FakeApi::start();
        for id in 1..=20 {
            api.put(ticket(id, "open", "it", DAY));
        }
        api.fail_once(fault);
        let reader = Reader::follow(&api);
        reader.sees(20, [20, 0, 0], false).await;
        assert!(api.has_failed(), "{fault:?} at the start");

        api.fail_once(fault);
        for id in 11..=30 {
            api.put(ticket(id, "active", "it", DAY));
        }
        reader.sees(30, [10, 20, 0], false).await;
        assert!(api.has_failed(), "{fault:?} later on");
    }
}

#[actix_web::test]
async fn while_the_desk_is_read_anew_the_old_answer_stays_and_says_that_it_is_old() {
    let api = FakeApi::start();
    for id in 1..=20 {
        api.put(ticket(id, "open", "it", DAY));
    }
    let reader = Reader::follow(&api);
    reader.sees(20, [20, 0, 0], false).await;

    api.close_for_newcomers(true);
    api.forget_everything();
    for id in 15..=40 {
        api.put(ticket(id, "closed", "it", DAY));
    }
    reader.sees(20, [20, 0, 0], true).await;

    api.close_for_newcomers(false);
    reader.sees(26, [0, 0, 26], false).await;
}

#[actix_web::test]
async fn an_api_that_was_away_is_caught_up_with_where_it_was_left() {
    let mut api = FakeApi::start();
    api.put(ticket(1, "open", "it", DAY));
    let reader = Reader::follow(&api);
    reader.sees(1, [1, 0, 0], false).await;

    api.stop().await;
    reader.sees(1, [1, 0, 0], true).await;
    api.put(ticket(1, "active", "it", DAY));
    for id in 2..=30 {
        api.put(ticket(id, "open", "it", DAY));
    }
    api.start_again();
    reader.sees(30, [29, 1, 0], false).await;
}

#[actix_web::test]
async fn an_api_that_comes_later_is_waited_for() {
    let mut api = FakeApi::start();
    api.stop().await;
    api.put(ticket(1, "open", "it", DAY));
    let reader = Reader::follow(&api);
    // Its first change is a failure to reach the API.
    let mut looks = 0;
    let failed = reader.mirror.wait_until(|_| {
        looks += 1;
        looks > 1
    });
    timeout(Duration::from_secs(20), failed).await.expect("the API is asked");
    assert_eq!(reader.look(), None);
    api.start_again();
    reader.sees(1, [1, 0, 0], false).await;
}

#[actix_web::test]
async fn a_feed_that_is_held_back_is_as_old_as_its_horizon() {
    let api = FakeApi::start();
    api.put(ticket(1, "open", "it", DAY));
    api.hold_back(3600.0);
    let reader = Reader::follow(&api);
    reader.sees(1, [1, 0, 0], true).await;
    let lag = reader.mirror.read(Utc::now(), |_, fresh| fresh.lag_seconds).unwrap();
    assert!((3600.0..3660.0).contains(&lag), "{lag}");

    api.hold_back(0.0);
    reader.sees(1, [1, 0, 0], false).await;
}

//! Photos are labelled in the background: whatever the labeller does, no report waits, and no job is lost or done twice.

use std::{num::NonZeroU32, time::Instant};

use api_types::{Image, ImageId, LabelSource, PredictionState, Predictions, TicketId, paths};
use backend::config::{PhotoArgs, Vision};
use serde_json::json;
use tokio_postgres::Client as Sql;

use super::{
    pictures,
    provider::{Mood, Provider},
};
use crate::support::{Desk, Person, photo_args, wait_until};

pub(super) fn google(provider: &Provider, seconds: u32) -> PhotoArgs {
    PhotoArgs {
        vision: Vision::Google,
        vision_timeout_seconds: NonZeroU32::new(seconds).unwrap(),
        google_vision_key: Some("key".to_owned()),
        google_vision_url: provider.url.clone(),
        ..photo_args()
    }
}

async fn predictions(person: &Person, id: ImageId) -> Predictions {
    person.get(&paths::predictions(id)).send().await.read(200)
}

async fn state(person: &Person, id: ImageId) -> PredictionState {
    predictions(person, id).await.state
}

pub(super) async fn wait_for(person: &Person, id: ImageId, wanted: PredictionState) {
    wait_until(&format!("{wanted:?}"), async || state(person, id).await == wanted).await;
}

/// Jobs that wait for their time are due now; those that somebody runs are left alone.
async fn hurry(sql: &Sql) {
    let due = "UPDATE prediction_jobs SET run_after = now() WHERE lease IS NULL";
    sql.batch_execute(due).await.unwrap();
}

/// A job that failed less often than that is due now.
async fn hurry_if(sql: &Sql, attempts: i32) {
    let due = "UPDATE prediction_jobs SET run_after = now() WHERE lease IS NULL AND attempts < $1";
    sql.execute(due, &[&attempts]).await.unwrap();
}

/// How many jobs there are, and how often the first was tried.
async fn jobs(sql: &Sql) -> (i64, i32) {
    let jobs = "SELECT count(*), coalesce(max(attempts), 0) FROM prediction_jobs";
    let row = sql.query_one(jobs, &[]).await.unwrap();
    (row.get(0), row.get(1))
}

/// A ticket with a photo that was uploaded for it before, and how long the report took.
async fn report(user: &Person, number: u64) -> (TicketId, Image, std::time::Duration) {
    let photo = user.prepare(pictures::photo(number)).await;
    let begun = Instant::now();
    let body = json!({ "description": "The tap drips.", "images": [photo.id] });
    let ticket = user.report(body).await;
    (ticket.id, photo, begun.elapsed())
}

#[tokio::test]
async fn a_photo_is_pending_until_the_labeller_has_spoken() {
    let provider = Provider::start(Mood::holds(&[("Water Leak", 0.95), ("Tap", 0.7)])).await;
    let desk = Desk::start_labelled(google(&provider, 30)).await;
    let user = desk.user();
    let (ticket, photo, took) = report(&user, 1).await;
    assert_eq!(photo.state, PredictionState::Pending);
    assert!(took.as_secs() < 5, "{took:?}");
    wait_until("the question", async || provider.asked() == 1).await;
    assert_eq!(state(&user, photo.id).await, PredictionState::Pending);
    provider.release();
    wait_for(&user, photo.id, PredictionState::Ready).await;
    let said = predictions(&desk.user(), photo.id).await;
    let said: Vec<_> =
        said.items.iter().map(|one| (one.label.as_str(), one.confidence, one.source)).collect();
    let near = |wanted: f64, said: f64| (wanted - said).abs() < 1e-6;
    assert!(near(0.95, said[0].1) && near(0.7, said[1].1), "{said:?}");
    assert_eq!((said[0].0, said[1].0, said[0].2), ("water leak", "tap", LabelSource::Google));
    let shown = user.photo(ticket, photo.id).await;
    assert_eq!((shown.state, shown.labels.len()), (PredictionState::Ready, 2));
    assert!(!shown.labels[0].confirmed);
    let found = user.search("leak").await;
    assert_eq!(found.items.iter().map(|hit| hit.id).collect::<Vec<_>>(), [ticket.0]);
    assert_eq!(jobs(&desk.sql().await).await, (0, 0));
    // The same content is labelled already.
    let again = user.prepare(pictures::photo(1)).await;
    assert_eq!((again.state, again.labels.len()), (PredictionState::Ready, 2));
    assert_eq!(provider.asked(), 1);
}

#[tokio::test]
async fn a_labeller_that_hangs_throttles_or_is_down_holds_up_no_report_and_loses_no_job() {
    for trouble in [Mood::holds(&[]), Mood::IsBusy(None), Mood::IsBusy(Some(1)), Mood::IsDown] {
        let what = format!("{trouble:?}");
        let provider = Provider::start(trouble).await;
        let desk = Desk::start_labelled(google(&provider, 1)).await;
        let (user, sql) = (desk.user(), desk.sql().await);
        let (_, photo, took) = report(&user, 1).await;
        assert!(took.as_millis() < 1_000, "{what}: {took:?}");
        wait_until("a failure", async || {
            let tried = "SELECT count(*) FROM prediction_jobs WHERE attempts = 1 AND lease IS NULL \
                         AND run_after > now()";
            sql.query_one(tried, &[]).await.unwrap().get::<_, i64>(0) == 1
        })
        .await;
        assert_eq!(state(&user, photo.id).await, PredictionState::Pending, "{what}");
        provider.turn(Mood::says(&[("tap", 0.9)]));
        wait_until("the labels", async || {
            hurry(&sql).await;
            state(&user, photo.id).await == PredictionState::Ready
        })
        .await;
        assert_eq!(jobs(&sql).await.0, 0, "{what}");
        assert_eq!(predictions(&user, photo.id).await.items.len(), 1, "{what}");
    }
}

#[tokio::test]
async fn a_busy_labeller_is_left_alone_for_as_long_as_it_asks() {
    let provider = Provider::start(Mood::IsBusy(Some(600))).await;
    let desk = Desk::start_labelled(google(&provider, 5)).await;
    let (user, sql) = (desk.user(), desk.sql().await);
    let (_, photo, _) = report(&user, 1).await;
    let wait = "SELECT extract(epoch FROM run_after - now())::float8 FROM prediction_jobs WHERE lease IS NULL AND attempts = 1";
    wait_until("the wait", async || !sql.query(wait, &[]).await.unwrap().is_empty()).await;
    let seconds: f64 = sql.query_one(wait, &[]).await.unwrap().get(0);
    assert!((500.0..=601.0).contains(&seconds), "{seconds}");
    provider.turn(Mood::says(&[("tap", 0.9)]));
    let other = report(&user, 2).await.1;
    hurry(&sql).await;
    assert_eq!(provider.asked(), 1);
    // Another process has not been asked to wait.
    let _other = desk.another(&google(&provider, 5));
    for id in [photo.id, other.id] {
        wait_for(&user, id, PredictionState::Ready).await;
    }
}

#[tokio::test]
async fn a_photo_that_the_labeller_refuses_is_not_asked_about_again() {
    let provider = Provider::start(Mood::Refuses).await;
    let desk = Desk::start_labelled(google(&provider, 5)).await;
    let (user, sql) = (desk.user(), desk.sql().await);
    let (ticket, photo, _) = report(&user, 1).await;
    wait_for(&user, photo.id, PredictionState::Failed).await;
    assert_eq!((jobs(&sql).await.0, provider.asked()), (0, 1));
    assert_eq!(user.photo(ticket, photo.id).await.labels, []);
    // Staff may still say what is on it.
    assert_eq!(desk.staff().label(photo.id, "tap", true).await.labels.len(), 1);
}

#[tokio::test]
async fn an_answer_that_breaks_off_five_times_is_the_last() {
    let provider = Provider::start(Mood::BreaksOff).await;
    let desk = Desk::start_labelled(google(&provider, 5)).await;
    let (user, sql) = (desk.user(), desk.sql().await);
    let (_, photo, _) = report(&user, 1).await;
    wait_until("the end", async || {
        hurry(&sql).await;
        state(&user, photo.id).await == PredictionState::Failed
    })
    .await;
    assert_eq!((jobs(&sql).await.0, provider.asked()), (0, 5));
}

#[tokio::test]
async fn only_answers_that_cannot_be_read_are_counted() {
    let provider = Provider::start(Mood::IsDown).await;
    let desk = Desk::start_labelled(google(&provider, 5)).await;
    let (user, sql) = (desk.user(), desk.sql().await);
    let (_, photo, _) = report(&user, 1).await;
    let failed = async |attempts: i32, unreadable: i32| {
        let job = "SELECT attempts, unreadable FROM prediction_jobs WHERE lease IS NULL";
        wait_until(&format!("failure {attempts}"), async || {
            hurry_if(&sql, attempts).await;
            let job = sql.query_opt(job, &[]).await.unwrap();
            job.is_some_and(|row| (row.get(0), row.get(1)) == (attempts, unreadable))
        })
        .await;
        assert_eq!(state(&user, photo.id).await, PredictionState::Pending);
    };
    for attempts in 1..=4 {
        failed(attempts, 0).await;
    }
    provider.turn(Mood::BreaksOff);
    failed(5, 1).await;
    // The first process now leaves the labeller alone for half a minute; another begins anew.
    let _other = desk.another(&google(&provider, 5));
    for unreadable in 2..=4 {
        failed(4 + unreadable, unreadable).await;
    }
    hurry(&sql).await;
    wait_for(&user, photo.id, PredictionState::Failed).await;
    assert_eq!((jobs(&sql).await.0, provider.asked()), (0, 9));
}

#[tokio::test]
async fn while_nobody_labels_photos_that_waited_say_so_and_their_jobs_are_kept() {
    let provider = Provider::start(Mood::IsBusy(Some(600))).await;
    let desk = Desk::start_labelled(google(&provider, 5)).await;
    let (user, sql) = (desk.user(), desk.sql().await);
    let mut photos = Vec::new();
    for number in 1..=2 {
        photos.push(report(&user, number).await);
    }
    // From now on this process asks nobody for ten minutes.
    wait_until("the question", async || provider.asked() == 1).await;
    assert_eq!(state(&user, photos[0].1.id).await, PredictionState::Pending);
    let off = desk.another(&photo_args());
    for (ticket, photo, _) in &photos {
        wait_for(&user, photo.id, PredictionState::None).await;
        assert_eq!(user.photo(*ticket, photo.id).await.state, PredictionState::None);
    }
    assert_eq!(jobs(&sql).await.0, 2);
    drop(off);
    provider.turn(Mood::says(&[("quokka", 0.9)]));
    let _on = desk.another(&google(&provider, 5));
    wait_until("the labels", async || {
        hurry(&sql).await;
        jobs(&sql).await.0 == 0
    })
    .await;
    for (_, photo, _) in &photos {
        assert_eq!(state(&user, photo.id).await, PredictionState::Ready);
    }
    assert_eq!(user.search("quokka").await.items.len(), 2);
}

#[tokio::test]
async fn photos_are_told_that_nobody_labels_though_somebody_holds_them_for_a_while() {
    let desk =
        Desk::start_labelled(google(&Provider::start(Mood::IsBusy(Some(600))).await, 5)).await;
    let (user, sql, holding) = (desk.user(), desk.sql().await, desk.sql().await);
    let (_, photo, _) = report(&user, 1).await;
    wait_until("the question", async || jobs(&sql).await == (1, 1)).await;
    holding.batch_execute("BEGIN; SELECT FROM photos FOR UPDATE").await.unwrap();
    let _off = desk.another(&photo_args());
    let waiting = "SELECT count(*) FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    for count in [1, 0] {
        wait_until(&format!("{count} who wait"), async || {
            sql.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) == count
        })
        .await;
    }
    holding.batch_execute("COMMIT").await.unwrap();
    wait_for(&user, photo.id, PredictionState::None).await;
    assert_eq!(jobs(&sql).await, (1, 1));
}

#[tokio::test]
async fn nothing_on_a_photo_is_an_answer_too() {
    let provider = Provider::start(Mood::says(&[])).await;
    let desk = Desk::start_labelled(google(&provider, 5)).await;
    let user = desk.user();
    let (_, photo, _) = report(&user, 1).await;
    wait_for(&user, photo.id, PredictionState::None).await;
    assert_eq!(jobs(&desk.sql().await).await.0, 0);
}

#[tokio::test]
async fn an_answer_that_comes_after_the_job_was_given_away_counts_for_nothing() {
    let provider = Provider::start(Mood::holds(&[("late", 0.9)])).await;
    let desk = Desk::start_labelled(google(&provider, 30)).await;
    let (user, sql) = (desk.user(), desk.sql().await);
    let (_, first, _) = report(&user, 1).await;
    wait_until("the question", async || provider.asked() == 1).await;
    let away = "UPDATE prediction_jobs SET lease = gen_random_uuid(), run_after = now() + interval '1 hour'";
    sql.batch_execute(away).await.unwrap();
    let (_, second, _) = report(&user, 2).await;
    provider.turn(Mood::says(&[("tap", 0.9)]));
    provider.release();
    // One job after the other: with the second the first answer is dealt with.
    wait_for(&user, second.id, PredictionState::Ready).await;
    let said = predictions(&user, first.id).await;
    assert_eq!((said.state, said.items.len()), (PredictionState::Pending, 0));
    assert_eq!(jobs(&sql).await.0, 1);
    sql.batch_execute("UPDATE prediction_jobs SET run_after = now()").await.unwrap();
    wait_for(&user, first.id, PredictionState::Ready).await;
    assert_eq!(predictions(&user, first.id).await.items[0].label, "tap");
}

#[tokio::test]
async fn two_processes_share_the_jobs_and_do_none_twice() {
    let provider = Provider::start(Mood::says(&[("tap", 0.9)])).await;
    let desk = Desk::start_labelled(google(&provider, 30)).await;
    let other = desk.another(&google(&provider, 30));
    let (one, two) = (desk.user(), other.person(api_types::Role::User));
    let mut photos = Vec::new();
    for number in 0..10 {
        photos.push(one.prepare(pictures::photo(number)).await.id);
        two.prepare(pictures::photo(number + 10)).await;
    }
    let sql = desk.sql().await;
    wait_until("the labels", async || jobs(&sql).await.0 == 0).await;
    assert_eq!(provider.asked(), 20);
    for id in photos {
        assert_eq!(state(&one, id).await, PredictionState::Ready);
    }
    let said = "SELECT count(*) FROM predictions";
    assert_eq!(sql.query_one(said, &[]).await.unwrap().get::<_, i64>(0), 20);
}

#[tokio::test]
async fn a_photo_that_is_redacted_while_it_is_looked_at_leaves_no_trace() {
    let provider = Provider::start(Mood::holds(&[("quokka", 0.9)])).await;
    let desk = Desk::start_labelled(google(&provider, 30)).await;
    let (user, sql) = (desk.user(), desk.sql().await);
    let (ticket, photo, _) = report(&user, 1).await;
    wait_until("the question", async || provider.asked() == 1).await;
    let target = json!({ "target": { "image": photo.id } });
    let answer = desk.staff().post(&paths::redact(ticket), target).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let (_, second, _) = report(&user, 2).await;
    provider.turn(Mood::says(&[("tap", 0.9)]));
    provider.release();
    wait_for(&user, second.id, PredictionState::Ready).await;
    let shown = user.photo(ticket, photo.id).await;
    assert_eq!((shown.redacted, shown.state), (true, PredictionState::None));
    assert_eq!((shown.labels, jobs(&sql).await.0), (vec![], 0));
    assert_eq!(user.search("quokka").await.items, []);
}

#[tokio::test]
async fn a_photo_whose_ticket_was_closed_or_merged_meanwhile_is_labelled_all_the_same() {
    let provider = Provider::start(Mood::IsDown).await;
    let desk = Desk::start_labelled(google(&provider, 5)).await;
    let (user, staff, sql) = (desk.user(), desk.staff(), desk.sql().await);
    let (closed, on_closed, _) = report(&user, 1).await;
    let (merged, on_merged, _) = report(&user, 2).await;
    staff.close(&staff.find(closed).await, "Done.").await;
    let target = desk.report("A lamp").await;
    staff.merge(merged, target.id).await;
    provider.turn(Mood::says(&[("quokka", 0.9)]));
    for id in [on_closed.id, on_merged.id] {
        wait_until("the labels", async || {
            hurry(&sql).await;
            state(&staff, id).await == PredictionState::Ready
        })
        .await;
    }
    let found: Vec<i64> = user.search("quokka").await.items.iter().map(|hit| hit.id).collect();
    assert_eq!(found, [target.id.0]);
    let found = staff.search("quokka").await.items.len();
    assert_eq!(found, 2);
}

#[tokio::test]
async fn labels_that_come_later_make_a_category_sure() {
    let provider = Provider::start(Mood::holds(&[("wifi password login", 0.9)])).await;
    let desk = Desk::start_labelled(google(&provider, 30)).await;
    let user = desk.user();
    let photo = user.prepare(pictures::photo(1)).await;
    let body = json!({ "description": "图书馆的从昨天开始就断了", "images": [photo.id] });
    let ticket = user.report(body).await;
    assert!(ticket.unsure);
    wait_until("the question", async || provider.asked() == 1).await;
    provider.release();
    wait_for(&user, photo.id, PredictionState::Ready).await;
    let now = user.find(ticket.id).await;
    assert_eq!((now.unsure, now.category.as_str()), (false, "it"));
}

#[tokio::test]
async fn labels_of_a_merged_tickets_photo_make_the_category_sure_of_the_one_that_stands_for_it() {
    let provider = Provider::start(Mood::holds(&[("wifi password login", 0.9)])).await;
    let desk = Desk::start_labelled(google(&provider, 30)).await;
    let user = desk.user();
    let (merged, photo, _) = report(&user, 1).await;
    let target = user.report(json!({ "description": "图书馆的从昨天开始就断了" })).await;
    assert!(target.unsure);
    desk.staff().merge(merged, target.id).await;
    wait_until("the question", async || provider.asked() == 1).await;
    provider.release();
    wait_for(&user, photo.id, PredictionState::Ready).await;
    let now = user.find(target.id).await;
    assert_eq!((now.unsure, now.category.as_str()), (false, "it"));
}

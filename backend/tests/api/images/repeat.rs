//! An upload that is sent again with its `Idempotency-Key`.

use api_types::{Image, PredictionState, ProblemKind, headers, paths};
use futures_util::future::join_all;
use serde_json::json;
use uuid::Uuid;

use super::{
    count_rows,
    jobs::{google, wait_for},
    pictures,
    provider::{Mood, Provider},
};
use crate::support::Desk;

#[tokio::test]
async fn the_same_photo_sent_again_gets_the_first_answer() {
    let desk = Desk::start().await;
    let (ticket, user) = (desk.report("The tap drips.").await, desk.user());
    for path in [paths::IMAGES.to_owned(), paths::ticket_images(ticket.id)] {
        let key = Uuid::new_v4();
        let send = || user.upload(&path, pictures::photo(1)).key(key).send();
        let (first, again) = (send().await, send().await);
        assert_eq!(first.header(headers::IDEMPOTENCY_REPLAYED), None);
        assert_eq!(again.header(headers::IDEMPOTENCY_REPLAYED), Some("true"));
        assert_eq!(again.read::<Image>(201), first.read::<Image>(201));
        assert_eq!(again.header("location"), first.header("location"));
    }
    assert_eq!(count_rows(&desk).await, (1, 2));
    let photos = user.history(ticket.id).await.iter().filter(|line| line.0 == "photo").count();
    assert_eq!(photos, 1);
}

#[tokio::test]
async fn a_photo_sent_again_after_its_ticket_was_closed_or_merged_gets_the_first_answer() {
    let desk = Desk::start().await;
    for person in [desk.user(), desk.staff()] {
        let (ticket, key) = (desk.report("The tap drips.").await, Uuid::new_v4());
        let path = paths::ticket_images(ticket.id);
        let send = || person.upload(&path, pictures::photo(1)).key(key).send();
        let first = send().await.read::<Image>(201);
        let target = desk.report("A lamp").await;
        desk.staff().merge(ticket.id, target.id).await;
        let merged = send().await;
        assert_eq!(merged.read::<Image>(201), first, "after the merge");
        desk.staff().unmerge(ticket.id).await;
        desk.staff().close(&ticket, "Done.").await;
        let closed = send().await;
        assert_eq!(closed.read::<Image>(201), first, "after the end");
        assert_eq!(closed.header(headers::IDEMPOTENCY_REPLAYED), Some("true"));
    }
}

#[tokio::test]
async fn a_photo_sent_again_after_it_was_redacted_gets_an_answer_that_says_so() {
    let desk = Desk::start().await;
    let (ticket, user, key) = (desk.report("The tap drips.").await, desk.user(), Uuid::new_v4());
    let path = paths::ticket_images(ticket.id);
    let send = || user.upload(&path, pictures::photo(1)).key(key).send();
    let first = send().await.read::<Image>(201);
    let target = json!({ "target": { "image": first.id } });
    let redacted = desk.staff().post(&paths::redact(ticket.id), target).send().await;
    redacted.read::<api_types::Ticket>(200);
    let again: Image = send().await.read(201);
    assert_eq!((again.id, again.redacted), (first.id, true));
}

#[tokio::test]
async fn a_key_that_came_with_another_photo_ticket_or_browser_is_refused() {
    let desk = Desk::start().await;
    let (one, other) = (desk.report("One").await, desk.report("Two").await);
    let (user, key) = (desk.user(), Uuid::new_v4());
    let send = |path: String, number| user.upload(&path, pictures::photo(number)).key(key).send();
    send(paths::ticket_images(one.id), 1).await.read::<Image>(201);
    send(paths::ticket_images(one.id), 2).await.refused(ProblemKind::KeyReused);
    send(paths::ticket_images(other.id), 1).await.refused(ProblemKind::KeyReused);
    send(paths::IMAGES.to_owned(), 1).await.refused(ProblemKind::KeyReused);
    let stranger = desk.user().upload(&paths::ticket_images(one.id), pictures::photo(1));
    stranger.key(key).send().await.refused(ProblemKind::KeyReused);
    assert_eq!(count_rows(&desk).await, (1, 1));
    assert_eq!(desk.objects().len(), 2, "nothing is left of what was refused");
}

#[tokio::test]
async fn photos_sent_at_once_with_one_key_are_one_photo() {
    let desk = Desk::start().await;
    let (ticket, user, key) = (desk.report("The tap drips.").await, desk.user(), Uuid::new_v4());
    let path = paths::ticket_images(ticket.id);
    let send = || user.upload(&path, pictures::photo(1)).key(key).send();
    let answers = join_all((0..6).map(|_| send())).await;
    let first: Image = answers[0].read(201);
    assert!(answers.iter().all(|answer| answer.read::<Image>(201) == first));
    let replayed = answers
        .iter()
        .filter(|answer| answer.header(headers::IDEMPOTENCY_REPLAYED) == Some("true"));
    assert_eq!(replayed.count(), 5);
    assert_eq!(count_rows(&desk).await, (1, 1));
}

#[tokio::test]
async fn a_photo_of_which_nothing_was_said_is_asked_about_again_when_it_is_added_again() {
    let provider = Provider::start(Mood::says(&[])).await;
    let desk = Desk::start_labelled(google(&provider, 30)).await;
    let user = desk.user();
    let first = user.prepare(pictures::photo(1)).await;
    wait_for(&user, first.id, PredictionState::None).await;
    provider.turn(Mood::says(&[("tap", 0.9)]));
    let second = user.prepare(pictures::photo(1)).await;
    for photo in [first.id, second.id] {
        wait_for(&user, photo, PredictionState::Ready).await;
    }
    // What is labelled is not asked about a third time.
    user.prepare(pictures::photo(1)).await;
    assert_eq!((provider.asked(), count_rows(&desk).await), (2, (1, 3)));
}

//! Photos of tickets that were merged, and on their own again.

use api_types::{ImageId, LiveKind, ProblemKind, Role, TicketId, paths};
use serde_json::json;

use super::{
    jobs::google,
    pictures,
    provider::{Mood, Provider},
};
use crate::{
    live::{Stream, follow},
    support::{Desk, Person, wait_until},
};

async fn ids(person: &Person, ticket: TicketId) -> Vec<ImageId> {
    person.photos(ticket).await.iter().map(|image| image.id).collect()
}

#[tokio::test]
async fn photos_are_listed_under_the_ticket_that_stands_for_theirs_and_return_with_it() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let [lamp, tap, sink] =
        [desk.report("A lamp").await, desk.report("A tap").await, desk.report("A sink").await];
    let on_tap = user.attach(tap.id, pictures::photo(1)).await.id;
    let on_lamp = user.attach(lamp.id, pictures::photo(2)).await.id;
    let on_sink = user.attach(sink.id, pictures::photo(3)).await.id;
    staff.merge(lamp.id, tap.id).await;
    staff.merge(tap.id, sink.id).await;
    assert_eq!(ids(&user, sink.id).await, [on_tap, on_lamp, on_sink]);
    let owners: Vec<_> = user.photos(sink.id).await.iter().map(|image| image.ticket_id).collect();
    assert_eq!(owners, [Some(tap.id), Some(lamp.id), Some(sink.id)]);
    for id in [lamp.id, tap.id] {
        let path = paths::ticket_images(id);
        let answer = user.without_redirects().get(&path).send().await;
        assert_eq!(answer.status, 308);
    }
    let answer = user.without_redirects().get(&paths::ticket_images(tap.id)).send().await;
    assert_eq!(answer.header("location"), Some(paths::ticket_images(sink.id).as_str()));
    assert_eq!(user.get(&paths::image(on_lamp)).send().await.status, 200);
    staff.unmerge(tap.id).await;
    assert_eq!(ids(&user, sink.id).await, [on_sink]);
    assert_eq!(ids(&user, tap.id).await, [on_tap, on_lamp]);
    staff.unmerge(lamp.id).await;
    assert_eq!(ids(&user, tap.id).await, [on_tap]);
    assert_eq!(ids(&user, lamp.id).await, [on_lamp]);
}

#[tokio::test]
async fn a_photo_is_as_visible_as_the_ticket_that_stands_for_its_own() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let (lamp, tap) = (desk.report("A lamp").await, desk.report("A tap").await);
    let photo = user.attach(lamp.id, pictures::photo(1)).await.id;
    let target = staff.merge(lamp.id, tap.id).await;
    let show = |person: &Person| person.get(&paths::thumbnail(photo)).send();
    assert_eq!(show(&user).await.status, 200);
    staff.close(&target, "Done.").await;
    show(&user).await.refused(ProblemKind::NotFound);
    assert_eq!(show(&staff).await.status, 200);
    staff.unmerge(lamp.id).await;
    assert_eq!(show(&user).await.status, 200, "its own ticket is open again");
}

#[tokio::test]
async fn a_ticket_shows_its_own_eight_photos_and_those_of_others_besides() {
    let desk = Desk::start().await;
    let user = desk.user();
    let (lamp, tap) = (desk.report("A lamp").await, desk.report("A tap").await);
    for number in 0..8 {
        user.attach(lamp.id, pictures::photo(number)).await;
        user.attach(tap.id, pictures::photo(number + 8)).await;
    }
    desk.staff().merge(lamp.id, tap.id).await;
    assert_eq!(ids(&user, tap.id).await.len(), 16);
    let ninth = user.upload(&paths::ticket_images(tap.id), pictures::photo(20)).send().await;
    ninth.refused_field(ProblemKind::InvalidInput, "images");
}

#[tokio::test]
async fn staff_redact_and_label_a_photo_of_a_merged_ticket_at_either() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let (lamp, tap) = (desk.report("A lamp").await, desk.report("A tap").await);
    let [one, other] = [
        user.attach(lamp.id, pictures::photo(1)).await.id,
        user.attach(lamp.id, pictures::photo(2)).await.id,
    ];
    staff.merge(lamp.id, tap.id).await;
    staff.label(one, "Zanzibar", true).await;
    let found = user.search("zanzibar").await;
    assert_eq!(found.items.iter().map(|hit| hit.id).collect::<Vec<_>>(), [tap.id.0]);
    for (id, image) in [(lamp.id, one), (tap.id, other)] {
        let target = json!({ "target": { "image": image } });
        let answer = staff.post(&paths::redact(id), target).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        user.get(&paths::image(image)).send().await.refused(ProblemKind::NotFound);
    }
    assert_eq!(user.search("zanzibar").await.items, []);
    assert!(user.photos(tap.id).await.iter().all(|image| image.redacted));
}

#[tokio::test]
async fn whatever_is_done_at_once_is_done_or_refused_for_a_reason() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let [tap, lamp] = [desk.report("A tap").await.id, desk.report("A lamp").await.id];
    let mut photos = Vec::new();
    for number in 0..4 {
        photos.push(user.attach(tap, pictures::photo(number)).await.id);
        photos.push(user.attach(lamp, pictures::photo(number)).await.id);
    }
    let mut all: Vec<futures_util::future::BoxFuture<'_, crate::support::Answer>> = Vec::new();
    for round in 0..6_usize {
        // A photo of the ticket with the higher number, which is merged into the other one.
        let photo = photos[round + 1 - round % 2];
        let label = json!({ "label": format!("thing {round}"), "confirmed": true });
        all.push(Box::pin(staff.put(&paths::image_labels(photo), label).send()));
        all.push(Box::pin(staff.post(&paths::merge(lamp), json!({ "into": tap })).send()));
        all.push(Box::pin(staff.delete(&paths::merge(lamp)).send()));
        let new = pictures::photo(10 + round as u64);
        all.push(Box::pin(user.upload(&paths::ticket_images(lamp), new).send()));
        let target = json!({ "target": { "image": photos[round] } });
        all.push(Box::pin(staff.post(&paths::redact(tap), target).send()));
    }
    for answer in futures_util::future::join_all(all).await {
        assert!(answer.status < 500, "{}", answer.text);
    }
}

/// What the next event says that a stream has of a ticket.
async fn next_of(stream: &mut Stream, id: TicketId) -> LiveKind {
    loop {
        let (kind, about) = stream.next_change().await;
        if about == Some(id) {
            return kind;
        }
    }
}

#[tokio::test]
async fn whoever_looks_at_the_ticket_that_stands_for_a_merged_one_hears_of_its_photo() {
    let provider = Provider::start(Mood::holds(&[("quokka", 0.9)])).await;
    let desk = Desk::start_labelled(google(&provider, 30)).await;
    let (user, staff) = (desk.user(), desk.staff());
    let [lamp, tap, sink] =
        [desk.report("A lamp").await, desk.report("A tap").await, desk.report("A sink").await];
    let photo = user.attach(lamp.id, pictures::photo(1)).await.id;
    staff.merge(lamp.id, tap.id).await;
    staff.merge(tap.id, sink.id).await;
    wait_until("the question", async || provider.asked() == 1).await;
    let mut users = Stream::open(desk.url(), Role::User).await;
    let mut others = Stream::open(desk.url(), Role::Staff).await;
    follow(&mut [&mut users, &mut others], &user).await;
    provider.release();
    for stream in [&mut users, &mut others] {
        assert_eq!(next_of(stream, sink.id).await, LiveKind::Message);
    }
    assert_eq!(user.photo(sink.id, photo).await.labels.len(), 1);
    let target = json!({ "target": { "image": photo } });
    let answer = staff.post(&paths::redact(lamp.id), target).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    for stream in [&mut users, &mut others] {
        assert_eq!(next_of(stream, sink.id).await, LiveKind::Message);
    }
}

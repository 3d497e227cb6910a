//! `POST /tickets/{id}/redact` of a photo: it is gone for good, wherever the same one was added.

use api_types::{FieldCode, ImageId, ProblemKind, Status, Ticket, TicketId, paths};
use futures_util::future::join_all;
use serde_json::json;

use super::pictures;
use crate::support::{Answer, Desk, Person, photo_args};

pub(super) async fn redact(person: &Person, ticket: TicketId, image: ImageId) -> Answer {
    person.post(&paths::redact(ticket), json!({ "target": { "image": image } })).send().await
}

pub(super) async fn count_redactions(person: &Person, id: TicketId) -> usize {
    let history = person.history(id).await;
    history.iter().filter(|line| line.0 == "redacted" && line.2.as_deref() == Some("photo")).count()
}

/// What is predicted for a photo, put in by hand.
async fn predict(desk: &Desk, label: &str, confidence: f64) {
    let sql = desk.sql().await;
    let row = "INSERT INTO predictions (sha256, label, confidence, source) SELECT sha256, $1, $2, 'onnx' FROM photos";
    sql.execute(row, &[&label, &confidence]).await.unwrap();
    sql.batch_execute("UPDATE photos SET state = 'ready'").await.unwrap();
}

#[tokio::test]
async fn a_redacted_photo_is_gone_everywhere_at_once() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let (one, other) = (desk.report("A lamp").await, desk.report("A tap").await);
    let photo = user.attach(one.id, pictures::photo(1)).await.id;
    let same = user.attach(other.id, pictures::photo(1)).await.id;
    let unlike = user.attach(one.id, pictures::photo(2)).await.id;
    staff.label(photo, "zanzibar", true).await;
    predict(&desk, "quokka", 0.9).await;
    for word in ["zanzibar", "quokka"] {
        assert!(!staff.search(word).await.items.is_empty(), "{word}");
    }
    // In memory from now on.
    for id in [photo, same] {
        assert_eq!(user.get(&paths::thumbnail(id)).send().await.status, 200);
        assert_eq!(user.get(&paths::image(id)).send().await.status, 200);
    }
    let answer = redact(&staff, one.id, photo).await;
    let ticket: Ticket = answer.read(200);
    assert_eq!((ticket.id, ticket.version), (one.id, one.version));
    for person in [&user, &staff] {
        for id in [photo, same] {
            for path in [paths::image(id), paths::thumbnail(id)] {
                person.get(&path).send().await.refused(ProblemKind::NotFound);
            }
        }
        let shown = person.photo(other.id, same).await;
        assert!(shown.redacted && shown.labels.is_empty());
        for id in [one.id, other.id] {
            assert_eq!(count_redactions(person, id).await, 1);
        }
        // The other photo still has what was predicted for it.
        assert_eq!(person.search("zanzibar").await.items, []);
    }
    assert!(!staff.photo(one.id, unlike).await.redacted);
    assert_eq!(desk.objects().len(), 2, "only the other photo is left");
    let sql = desk.sql().await;
    let left = "SELECT count(*) FROM known_words WHERE word = 'zanzibar'";
    assert_eq!(sql.query_one(left, &[]).await.unwrap().get::<_, i64>(0), 0);
    redact(&staff, one.id, unlike).await.read::<Ticket>(200);
    for person in [&user, &staff] {
        for word in ["quokka", "quoka", "quok"] {
            assert_eq!(person.search(word).await.items, [], "{word}");
        }
    }
    let left = "SELECT (SELECT count(*) FROM predictions) + (SELECT count(*) FROM image_labels) \
        + (SELECT count(*) FROM photos WHERE descriptor IS NOT NULL OR hash IS NOT NULL) \
        + (SELECT count(*) FROM known_words WHERE word = 'quokka')";
    assert_eq!(sql.query_one(left, &[]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test]
async fn the_same_bytes_cannot_be_added_again() {
    let desk = Desk::start().await;
    let (user, ticket) = (desk.user(), desk.report("A lamp").await);
    let waiting = user.prepare(pictures::photo(1)).await.id;
    let photo = user.attach(ticket.id, pictures::photo(1)).await.id;
    redact(&desk.staff(), ticket.id, photo).await.read::<Ticket>(200);
    for path in [paths::IMAGES.to_owned(), paths::ticket_images(ticket.id)] {
        let answer = desk.user().upload(&path, pictures::photo(1)).send().await;
        let problem = answer.refused_field(ProblemKind::InvalidInput, "image");
        assert_eq!(problem.fields[0].code, FieldCode::NotAllowed);
    }
    user.get(&paths::image(waiting)).send().await.refused(ProblemKind::NotFound);
    // A report that was being written goes on; the photo in it is as gone as the others.
    let report = json!({ "description": "The tap drips.", "images": [waiting] });
    let later = user.report(report).await;
    assert!(user.photo(later.id, waiting).await.redacted);
    assert!(desk.objects().is_empty());
}

#[tokio::test]
async fn a_photo_of_a_closed_ticket_is_redacted_too_and_twice_is_fine() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let ticket = desk.report("A lamp").await;
    let photo = user.attach(ticket.id, pictures::photo(1)).await.id;
    staff.label(photo, "zanzibar", true).await;
    let closed = staff.close(&ticket, "Done.").await;
    for _ in 0..2 {
        let after: Ticket = redact(&staff, ticket.id, photo).await.read(200);
        assert_eq!((after.status, after.version), (Status::Closed, closed.version));
        assert_eq!(count_redactions(&staff, ticket.id).await, 1);
    }
    staff.get(&paths::image(photo)).send().await.refused(ProblemKind::NotFound);
    assert_eq!(staff.search("zanzibar").await.items, []);
    assert!(desk.objects().is_empty());
}

#[tokio::test]
async fn redactions_at_once_are_one() {
    let desk = Desk::start().await;
    let (user, staff, ticket) = (desk.user(), desk.staff(), desk.report("A lamp").await);
    let photo = user.attach(ticket.id, pictures::photo(1)).await.id;
    let answers = join_all((0..6).map(|_| redact(&staff, ticket.id, photo))).await;
    answers.iter().for_each(|answer| drop(answer.read::<Ticket>(200)));
    assert_eq!(count_redactions(&staff, ticket.id).await, 1);
}

#[tokio::test]
async fn only_staff_redact_and_only_at_the_ticket_of_the_photo() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let (ticket, other) = (desk.report("A lamp").await, desk.report("A tap").await);
    let photo = user.attach(ticket.id, pictures::photo(1)).await.id;
    let waiting = user.prepare(pictures::photo(2)).await.id;
    redact(&user, ticket.id, photo).await.refused(ProblemKind::Forbidden);
    for (at, image) in [
        (other.id, photo),
        (ticket.id, ImageId(999_999)),
        (ticket.id, waiting),
        (TicketId(999_999), photo),
    ] {
        redact(&staff, at, image).await.refused(ProblemKind::NotFound);
    }
    for target in [json!({ "image": "1" }), json!({ "image": null }), json!("image")] {
        let call = staff.post(&paths::redact(ticket.id), json!({ "target": target }));
        call.send().await.refused(ProblemKind::InvalidInput);
    }
    assert_eq!(user.get(&paths::image(photo)).send().await.status, 200);
    assert_eq!(count_redactions(&staff, ticket.id).await, 0);
}

#[tokio::test]
async fn another_process_shows_a_redacted_photo_for_a_second_at_most() {
    let desk = Desk::start().await;
    let other = desk.another(&photo_args());
    let ticket = desk.report("A lamp").await;
    let viewer = other.person(api_types::Role::Staff);
    let photo = viewer.attach(ticket.id, pictures::photo(1)).await.id;
    assert_eq!(viewer.get(&paths::thumbnail(photo)).send().await.status, 200);
    redact(&desk.staff(), ticket.id, photo).await.read::<Ticket>(200);
    // What is not in memory is in no store any more either.
    viewer.get(&paths::image(photo)).send().await.refused(ProblemKind::NotFound);
    let begun = std::time::Instant::now();
    crate::support::wait_until("the end of the photo", async || {
        viewer.get(&paths::thumbnail(photo)).send().await.status == 404
    })
    .await;
    assert!(begun.elapsed() < std::time::Duration::from_secs(3), "{:?}", begun.elapsed());
}

//! How many photos a ticket has, and to which none can be added.

use api_types::{FieldCode, Image, ProblemKind, TicketId, limits::IMAGES_MAX, paths};
use futures_util::future::join_all;
use serde_json::json;

use super::{count_rows, pictures};
use crate::support::{Answer, Desk};

#[track_caller]
fn assert_too_many(answer: &Answer) {
    let problem = answer.refused_field(ProblemKind::InvalidInput, "images");
    assert_eq!(problem.fields[0].code, FieldCode::TooLong);
    assert_eq!(problem.fields[0].params.get("max"), Some(&8));
}

#[tokio::test]
async fn the_ninth_photo_of_a_ticket_is_refused_whoever_adds_it() {
    let desk = Desk::start().await;
    let (user, path) = (desk.user(), |id| paths::ticket_images(id));
    let mut first = Vec::new();
    for number in 0..5 {
        first.push(user.prepare(pictures::photo(number)).await.id);
    }
    let ticket = user.report(json!({ "description": "The tap drips.", "images": first })).await;
    for number in 5..IMAGES_MAX as u64 {
        user.attach(ticket.id, pictures::photo(number)).await;
    }
    for person in [desk.user(), desk.staff()] {
        // A new one, and one that is there already.
        for number in [8, 0] {
            let call = person.upload(&path(ticket.id), pictures::photo(number));
            assert_too_many(&call.send().await);
        }
    }
    assert_eq!(user.photos(ticket.id).await.len(), IMAGES_MAX);
    assert_eq!(count_rows(&desk).await, (8, 8));
    assert_eq!(desk.objects().len(), 16, "nothing is left of what was refused");
}

#[tokio::test]
async fn of_twelve_photos_at_once_eight_are_taken() {
    let desk = Desk::start().await;
    let (ticket, user) = (desk.report("The tap drips.").await, desk.user());
    let path = paths::ticket_images(ticket.id);
    let uploads = (0..12).map(|number| user.upload(&path, pictures::photo(number)).send());
    let answers = join_all(uploads).await;
    let (taken, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!((taken.len(), refused.len()), (8, 4));
    refused.iter().for_each(assert_too_many);
    assert_eq!(user.photos(ticket.id).await.len(), 8);
    let lines = user.history(ticket.id).await;
    assert_eq!(lines.iter().filter(|line| line.0 == "photo").count(), 8);
}

#[tokio::test]
async fn nobody_adds_a_photo_to_a_closed_merged_or_absent_ticket() {
    let desk = Desk::start().await;
    let closed = desk.closed("It drips").await;
    let (merged, target) = (desk.report("A lamp").await, desk.report("A tap").await);
    desk.staff().merge(merged.id, target.id).await;
    let (user, staff, absent) = (desk.user(), desk.staff(), TicketId(999_999));
    for (person, id, kind) in [
        (&user, closed.id, ProblemKind::NotFound),
        (&staff, closed.id, ProblemKind::Closed),
        (&user, merged.id, ProblemKind::Merged),
        (&staff, merged.id, ProblemKind::Merged),
        (&user, absent, ProblemKind::NotFound),
        (&staff, absent, ProblemKind::NotFound),
    ] {
        let call = person.upload(&paths::ticket_images(id), pictures::photo(1));
        call.send().await.refused(kind);
    }
    assert_eq!(count_rows(&desk).await, (0, 0));
    assert!(desk.objects().is_empty(), "{:?}", desk.objects());
    let history = staff.history(closed.id).await;
    assert!(history.iter().all(|line| line.0 != "photo"));
}

#[tokio::test]
async fn a_ticket_that_is_refused_is_told_though_megabytes_are_on_their_way() {
    let desk = Desk::start().await;
    let large = pictures::fill_up(&pictures::photo(1), 11 << 20, b"much");
    let path = paths::ticket_images(TicketId(999_999));
    for _ in 0..3 {
        let answer = desk.user().upload(&path, large.clone()).send().await;
        answer.refused(ProblemKind::NotFound);
    }
}

#[tokio::test]
async fn uploads_are_limited_like_everything_that_is_created() {
    let desk = Desk::start_limited(2, 100).await;
    let user = desk.user();
    user.prepare(pictures::photo(1)).await;
    user.prepare(pictures::photo(2)).await;
    let answer = user.upload(paths::IMAGES, pictures::photo(3)).send().await;
    answer.refused(ProblemKind::RateLimited);
    desk.user().upload(paths::IMAGES, pictures::photo(3)).send().await.read::<Image>(201);
}

#[tokio::test]
async fn of_one_photo_staff_decide_thirty_labels_at_most() {
    let desk = Desk::start().await;
    let (user, staff, ticket) = (desk.user(), desk.staff(), desk.report("It drips").await);
    let photo = user.attach(ticket.id, pictures::photo(1)).await.id;
    let rows = "INSERT INTO image_labels (image_id, label, confirmed) \
                SELECT $1, 'thing ' || n, true FROM generate_series(1, 29) n";
    desk.sql().await.execute(rows, &[&photo.0]).await.unwrap();
    let decide = async |label: String| {
        let body = json!({ "label": label, "confirmed": true });
        staff.put(&paths::image_labels(photo), body).send().await
    };
    let answers = join_all((0..4).map(|number| decide(format!("another {number}")))).await;
    let (taken, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((taken.len(), refused.len()), (1, 3));
    for answer in refused {
        let problem = answer.refused_field(ProblemKind::InvalidInput, "label");
        assert_eq!(problem.fields[0].code, FieldCode::TooLong);
        assert_eq!(problem.fields[0].params.get("max"), Some(&30));
    }
    // What was decided may be decided otherwise, and makes no room.
    assert_eq!(staff.label(photo, "Thing 1", false).await.labels.len(), 29);
    assert_eq!(staff.label(photo, "thing 1", true).await.labels.len(), 30);
    staff.label(photo, "thing 2", false).await;
    decide("one too many".to_owned()).await.refused_field(ProblemKind::InvalidInput, "label");
    // Another photo has thirty of its own.
    let other = user.attach(ticket.id, pictures::photo(1)).await.id;
    assert_eq!(staff.label(other, "tap", true).await.labels.len(), 1);
}

#[tokio::test]
async fn sixty_four_photos_of_one_browser_wait_for_their_reports_at_most() {
    let desk = Desk::start().await;
    let (user, key) = (desk.user(), uuid::Uuid::new_v4());
    let first = user.prepare(pictures::photo(1)).await;
    let rows = "INSERT INTO images (sha256, client, author_role) \
                SELECT i.sha256, i.client, 'user' FROM images i, generate_series(1, 62)";
    desk.sql().await.execute(rows, &[]).await.unwrap();
    let send = |number| user.upload(paths::IMAGES, pictures::photo(number));
    let last: Image = send(2).key(key).send().await.read(201);
    send(3).send().await.refused(ProblemKind::RateLimited);
    assert_eq!(count_rows(&desk).await, (2, 64));
    assert_eq!(desk.objects().len(), 4, "nothing is left of what was refused");
    // What was taken is answered again.
    let again = send(2).key(key).send().await;
    assert_eq!(again.read::<Image>(201), last);
    // Other browsers are not concerned, nor tickets that are there already.
    desk.user().prepare(pictures::photo(3)).await;
    let ticket = desk.report("It drips").await;
    user.attach(ticket.id, pictures::photo(3)).await;
    // A report makes room.
    user.report(json!({ "description": "The tap drips.", "images": [first.id] })).await;
    user.prepare(pictures::photo(3)).await;
    send(4).send().await.refused(ProblemKind::RateLimited);
}

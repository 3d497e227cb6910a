//! `POST /tickets` with photos that were uploaded before.

use api_types::{FieldCode, Image, ImageId, ProblemKind, Ticket, headers, paths};
use futures_util::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use super::pictures;
use crate::support::{Answer, Desk, Person};

fn report(images: &[ImageId]) -> Value {
    json!({ "description": "The tap drips.", "images": images })
}

async fn prepare(person: &Person, numbers: std::ops::Range<u64>) -> Vec<ImageId> {
    let mut ids = Vec::new();
    for number in numbers {
        ids.push(person.prepare(pictures::photo(number)).await.id);
    }
    ids
}

#[track_caller]
fn assert_refused(answer: &Answer, code: FieldCode) {
    let problem = answer.refused_field(ProblemKind::InvalidInput, "images");
    assert_eq!(problem.fields[0].code, code, "{}", answer.text);
}

async fn count_tickets(desk: &Desk) -> i64 {
    desk.sql().await.query_one("SELECT count(*) FROM tickets", &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn photos_that_are_not_ours_to_send_make_no_ticket() {
    let desk = Desk::start().await;
    let (user, stranger) = (desk.user(), desk.user());
    let mine = prepare(&user, 0..2).await;
    let theirs = prepare(&stranger, 2..3).await[0];
    let gone = user.report(report(&prepare(&user, 3..4).await)).await;
    let claimed = user.photos(gone.id).await[0].id;
    let under_a_ticket = user.attach(gone.id, pictures::photo(5)).await.id;
    let before = count_tickets(&desk).await;
    for (images, code) in [
        (vec![mine[0], theirs], FieldCode::NotFound),
        (vec![mine[0], ImageId(999_999)], FieldCode::NotFound),
        (vec![ImageId(-1)], FieldCode::NotFound),
        (vec![mine[0], claimed], FieldCode::NotFound),
        (vec![under_a_ticket], FieldCode::NotFound),
        (vec![mine[0], mine[1], mine[0]], FieldCode::NotAllowed),
        ((1..=9).map(ImageId).collect(), FieldCode::TooLong),
    ] {
        let answer = user.post(paths::TICKETS, report(&images)).send().await;
        assert_refused(&answer, code);
    }
    let bare = user.bare(reqwest::Method::POST, paths::TICKETS).json(report(&mine));
    bare.send().await.refused_field(ProblemKind::InvalidRequest, "Desk-Client");
    for images in [json!("1"), json!(["1"]), json!([null]), json!({})] {
        let body = json!({ "description": "The tap drips.", "images": images });
        let answer = user.post(paths::TICKETS, body).send().await;
        assert_eq!(answer.refused(ProblemKind::InvalidInput).fields.len(), 1);
    }
    assert_eq!(count_tickets(&desk).await, before);
    // They are still there for the report that is right.
    let ticket = user.report(report(&mine)).await;
    assert_eq!(user.photos(ticket.id).await.len(), 2);
}

#[tokio::test]
async fn eight_photos_come_along_and_history_names_each() {
    let desk = Desk::start().await;
    let user = desk.user();
    let mut images = prepare(&user, 0..8).await;
    images.reverse();
    let ticket = user.report(report(&images)).await;
    images.reverse();
    let shown: Vec<_> = user.photos(ticket.id).await.iter().map(|image| image.id).collect();
    assert_eq!(shown, images);
    let history = user.history(ticket.id).await;
    let named: Vec<_> = history.into_iter().filter(|line| line.0 == "photo").collect();
    let expected: Vec<_> =
        images.iter().map(|id| ("photo".to_owned(), None, Some(id.to_string()))).collect();
    assert_eq!(named, expected);
}

#[tokio::test]
async fn a_report_with_photos_sent_again_gets_the_first_answer() {
    let desk = Desk::start().await;
    let (user, key) = (desk.user(), Uuid::new_v4());
    let images = prepare(&user, 0..2).await;
    let send = |images: &[ImageId]| user.post(paths::TICKETS, report(images)).key(key).send();
    let first = send(&images).await;
    let ticket: Ticket = first.read(201);
    desk.staff().close(&ticket, "Done.").await;
    let again = send(&images).await;
    assert_eq!((again.status, &again.text), (201, &first.text));
    assert_eq!(again.header(headers::IDEMPOTENCY_REPLAYED), Some("true"));
    send(&images[..1]).await.refused(ProblemKind::KeyReused);
    send(&[]).await.refused(ProblemKind::KeyReused);
    assert_eq!(count_tickets(&desk).await, 1);
}

#[tokio::test]
async fn reports_sent_at_once_with_one_key_are_one_ticket_with_its_photos() {
    let desk = Desk::start().await;
    let (user, key) = (desk.user(), Uuid::new_v4());
    let images = prepare(&user, 0..2).await;
    let send = || user.post(paths::TICKETS, report(&images)).key(key).send();
    let answers = join_all((0..8).map(|_| send())).await;
    let first: Ticket = answers[0].read(201);
    assert!(answers.iter().all(|answer| answer.read::<Ticket>(201) == first));
    assert_eq!(count_tickets(&desk).await, 1);
    assert_eq!(user.photos(first.id).await.len(), 2);
}

#[tokio::test]
async fn of_two_reports_with_one_photo_one_gets_it_and_the_other_is_refused() {
    let desk = Desk::start().await;
    let user = desk.user();
    let images = prepare(&user, 0..1).await;
    let send = || user.post(paths::TICKETS, report(&images)).send();
    let answers = join_all((0..6).map(|_| send())).await;
    let (made, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!((made.len(), refused.len()), (1, 5));
    refused.iter().for_each(|answer| assert_refused(answer, FieldCode::NotFound));
    assert_eq!(count_tickets(&desk).await, 1);
    let ticket: Ticket = made[0].read(201);
    let shown: Vec<Image> = user.photos(ticket.id).await;
    assert_eq!(shown.len(), 1);
}

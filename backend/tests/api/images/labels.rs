//! `PUT /images/{id}/labels`, and what labels do: tickets are found by them, and get a category that is sure.

use api_types::{
    CategoryBy, FieldCode, Image, ImageId, Label, LabelSource, LiveKind, ProblemKind, Role, paths,
};
use serde_json::{Value, json};

use super::pictures;
use crate::{
    live::{Stream, follow},
    support::{Desk, Person, wait_until},
};

/// What a labeller would have stored.
pub(super) async fn predict(desk: &Desk, image: ImageId, labels: &[(&str, f64)]) {
    let sql = desk.sql().await;
    let row = "INSERT INTO predictions (sha256, label, confidence, source) \
               SELECT sha256, $2, $3, 'google' FROM images WHERE id = $1";
    for (label, confidence) in labels {
        sql.execute(row, &[&image.0, label, confidence]).await.unwrap();
    }
    let ready = "UPDATE photos SET state = 'ready' FROM images i WHERE i.sha256 = photos.sha256 AND i.id = $1";
    sql.execute(ready, &[&image.0]).await.unwrap();
}

fn in_short(image: &Image) -> Vec<(&str, bool, LabelSource)> {
    image.labels.iter().map(|one| (one.label.as_str(), one.confirmed, one.source)).collect()
}

pub(super) async fn found(person: &Person, word: &str) -> Vec<i64> {
    person.search(word).await.items.iter().map(|hit| hit.id).collect()
}

async fn decide(person: &Person, image: ImageId, body: Value) -> crate::support::Answer {
    person.put(&paths::image_labels(image), body).send().await
}

#[tokio::test]
async fn staff_confirm_take_off_and_add_labels_and_their_last_word_counts() {
    let desk = Desk::start().await;
    let (staff, ticket) = (desk.staff(), desk.report("It drips").await);
    let photo = desk.user().attach(ticket.id, pictures::photo(1)).await.id;
    predict(&desk, photo, &[("tap", 0.9), ("sink", 0.7), ("cat", 0.2)]).await;
    let (google, by_staff) = (LabelSource::Google, LabelSource::Staff);
    staff.label(photo, "sink", true).await;
    staff.label(photo, "Water  LEAK ", true).await;
    let now = staff.label(photo, "cat", false).await;
    let expected = [("sink", true, google), ("water leak", true, by_staff), ("tap", false, google)];
    assert_eq!(in_short(&now), expected);
    let own =
        Label { label: "water leak".into(), confirmed: true, confidence: None, source: by_staff };
    assert_eq!(now.labels[1], own);
    assert_eq!(now.labels[0].confidence, Some(0.7));
    assert_eq!(desk.user().photo(ticket.id, photo).await, now);
    let now = staff.label(photo, "SINK", false).await;
    assert_eq!(in_short(&now), [("water leak", true, by_staff), ("tap", false, google)]);
    let now = staff.label(photo, "cat", true).await;
    assert_eq!(in_short(&now).len(), 3);
    let again = staff.label(photo, "cat", true).await;
    assert_eq!(in_short(&again), in_short(&now));
}

#[tokio::test]
async fn a_label_has_one_to_forty_characters_and_only_staff_decide() {
    let desk = Desk::start().await;
    let (staff, ticket) = (desk.staff(), desk.report("It drips").await);
    let photo = desk.user().attach(ticket.id, pictures::photo(1)).await.id;
    let said = |label: &str| json!({ "label": label, "confirmed": true });
    for (label, code) in [
        (String::new(), FieldCode::Required),
        (" \t ".to_owned(), FieldCode::Required),
        ("x".repeat(41), FieldCode::TooLong),
        ("a\u{0}b".to_owned(), FieldCode::InvalidCharacter),
    ] {
        let answer = decide(&staff, photo, said(&label)).await;
        let problem = answer.refused_field(ProblemKind::InvalidInput, "label");
        assert_eq!(problem.fields[0].code, code, "{label:?}");
    }
    for body in [
        json!({ "label": "tap" }),
        json!({ "confirmed": true }),
        json!({ "label": "tap", "confirmed": "yes" }),
        json!({ "label": "tap", "confirmed": true, "by": "me" }),
    ] {
        let problem = decide(&staff, photo, body).await.refused(ProblemKind::InvalidInput);
        assert_eq!(problem.fields.len(), 1);
    }
    // As long as it may be, also where small letters are more than capitals.
    for label in ["ö".repeat(40), "İ".repeat(40), "🚰".repeat(40)] {
        let now: Image = decide(&staff, photo, said(&label)).await.read(200);
        assert!(now.labels.iter().all(|one| (1..=40).contains(&one.label.chars().count())));
    }
    decide(&desk.user(), photo, said("tap")).await.refused(ProblemKind::Forbidden);
    decide(&staff, ImageId(999_999), said("tap")).await.refused(ProblemKind::NotFound);
}

#[tokio::test]
async fn labels_of_a_closed_ticket_and_of_a_redacted_photo_stay_as_they_are() {
    let desk = Desk::start().await;
    let staff = desk.staff();
    let (closed, open) = (desk.report("It drips").await, desk.report("It hums").await);
    let on_closed = desk.user().attach(closed.id, pictures::photo(1)).await.id;
    let redacted = desk.user().attach(open.id, pictures::photo(2)).await.id;
    staff.label(on_closed, "tap", true).await;
    staff.close(&closed, "Done.").await;
    let target = json!({ "target": { "image": redacted } });
    staff.post(&paths::redact(open.id), target).send().await.read::<Value>(200);
    for (label, confirmed) in [("tap", false), ("sink", true)] {
        let body = json!({ "label": label, "confirmed": confirmed });
        decide(&staff, on_closed, body.clone()).await.refused(ProblemKind::Closed);
        decide(&staff, redacted, body).await.refused(ProblemKind::NotFound);
    }
    assert_eq!(in_short(&staff.photo(closed.id, on_closed).await).len(), 1);
}

#[tokio::test]
async fn a_ticket_is_found_by_labels_that_are_confirmed_or_likely() {
    let desk = Desk::start().await;
    let (user, staff, ticket) = (desk.user(), desk.staff(), desk.report("It drips").await);
    let photo = user.attach(ticket.id, pictures::photo(1)).await.id;
    predict(&desk, photo, &[("zanzibar", 0.61), ("quokka", 0.6), ("xanadu", 0.59)]).await;
    let here = vec![ticket.id.0];
    for (word, expected) in [("zanzibar", &here), ("quokka", &here), ("xanadu", &vec![])] {
        assert_eq!(found(&user, word).await, *expected, "{word}");
    }
    staff.label(photo, "xanadu", true).await;
    staff.label(photo, "wolpertinger den", true).await;
    staff.label(photo, "zanzibar", false).await;
    for (word, expected) in
        [("zanzibar", &vec![]), ("xanadu", &here), ("wolpertinger", &here), ("quokka", &here)]
    {
        assert_eq!(found(&user, word).await, *expected, "{word}");
        // Also where it is mistyped, if it is there at all.
        let slip = format!("{}{}", &word[..2], &word[3..]);
        assert_eq!(found(&user, &slip).await, *expected, "{slip}");
    }
    staff.label(photo, "xanadu", false).await;
    assert_eq!(found(&staff, "xanadu").await, [0; 0]);
    let hit = user.search("wolpertinger").await.items.remove(0);
    assert!(hit.snippet.iter().any(|piece| piece.hit && piece.text == "wolpertinger"), "{hit:?}");
    // A label stays a reason to be found when the texts change.
    let now = user.edit(&user.find(ticket.id).await, json!({ "title": "A tap" })).await;
    assert_eq!(found(&user, "wolpertinger").await, here);
    staff.close(&now, "Done.").await;
    assert_eq!(found(&user, "wolpertinger").await, [0; 0]);
    assert_eq!(found(&staff, "wolpertinger").await, here);
}

#[tokio::test]
async fn labels_of_merged_tickets_are_found_at_the_one_that_stands_for_them() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let [lamp, tap, sink] =
        [desk.report("A lamp").await, desk.report("A tap").await, desk.report("A sink").await];
    let photo = user.attach(lamp.id, pictures::photo(1)).await.id;
    staff.label(photo, "zanzibar", true).await;
    staff.merge(lamp.id, tap.id).await;
    assert_eq!(found(&user, "zanzibar").await, [tap.id.0]);
    staff.merge(tap.id, sink.id).await;
    assert_eq!(found(&user, "zanzibar").await, [sink.id.0]);
    staff.label(photo, "quokka", true).await;
    assert_eq!(found(&user, "quokka").await, [sink.id.0]);
    staff.label(photo, "zanzibar", false).await;
    assert_eq!(found(&user, "zanzibar").await, [0; 0]);
    staff.unmerge(tap.id).await;
    staff.unmerge(lamp.id).await;
    assert_eq!(found(&user, "quokka").await, [lamp.id.0]);
}

#[tokio::test]
async fn everyone_who_has_the_ticket_on_the_screen_hears_of_photos_and_labels() {
    let desk = Desk::start().await;
    let (user, staff, ticket) = (desk.user(), desk.staff(), desk.report("It drips").await);
    let mut users = Stream::open(desk.url(), Role::User).await;
    follow(&mut [&mut users], &user).await;
    let photo = user.attach(ticket.id, pictures::photo(1)).await.id;
    assert_eq!(users.next_change().await, (LiveKind::Message, Some(ticket.id)));
    let photographed = user.find(ticket.id).await;
    assert!(photographed.modified_at > ticket.modified_at, "a photo is news");
    assert_eq!(photographed.version, ticket.version);
    predict(&desk, photo, &[("tap", 0.9)]).await;
    assert_eq!(users.next_change().await, (LiveKind::Message, Some(ticket.id)));
    for confirmed in [true, false] {
        staff.label(photo, "tap", confirmed).await;
        assert_eq!(users.next_change().await, (LiveKind::Message, Some(ticket.id)));
    }
    assert_eq!(user.find(ticket.id).await.modified_at, photographed.modified_at, "a label is none");
}

/// Nothing that a text could be told by.
pub(super) const VAGUE: &str = "图书馆的从昨天开始就断了";

#[tokio::test]
async fn labels_make_a_category_sure_where_the_text_alone_does_not() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let ticket = user.report(json!({ "description": VAGUE })).await;
    assert!(ticket.unsure);
    let photo = user.attach(ticket.id, pictures::photo(1)).await.id;
    staff.label(photo, "zzz", true).await;
    assert!(user.find(ticket.id).await.unsure, "a label that says nothing changes nothing");
    staff.label(photo, "wifi password login", true).await;
    staff.label(photo, "computer", true).await;
    let now = user.find(ticket.id).await;
    assert_eq!((now.unsure, now.category.as_str()), (false, "it"));
    assert_eq!(now.category_by, CategoryBy::Automatic);
    assert!(now.confidence > ticket.confidence);
    if ticket.category.as_str() != "it" {
        let last = user.history(ticket.id).await.pop().unwrap();
        let from = Some(ticket.category.to_string());
        assert_eq!(last, ("reclassified".to_owned(), from, Some("it".to_owned())));
    }
}

#[tokio::test]
async fn labels_never_touch_what_a_person_decided_nor_a_category_that_is_sure() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let decided = user.report(json!({ "description": VAGUE, "category": "services" })).await;
    let sure = user.report(json!({ "description": "Water drips from the ceiling radiator" })).await;
    assert!(!sure.unsure);
    for ticket in [decided, sure] {
        let photo = user.attach(ticket.id, pictures::photo(ticket.id.0 as u64)).await.id;
        staff.label(photo, "wifi password login", true).await;
        let now = user.find(ticket.id).await;
        assert_eq!(
            (now.category, now.category_by, now.confidence, now.version),
            (ticket.category, ticket.category_by, ticket.confidence, ticket.version)
        );
    }
}

#[tokio::test]
async fn a_report_with_a_labelled_photo_is_answered_the_same_when_it_is_sent_again() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let other = user.report(json!({ "description": "Something" })).await;
    let known = user.attach(other.id, pictures::photo(1)).await.id;
    predict(&desk, known, &[("wifi password login", 0.99), ("computer", 0.99)]).await;
    // The same file again, for a report that says nothing by itself.
    let photo = user.prepare(pictures::photo(1)).await.id;
    let (body, key) = (json!({ "description": VAGUE, "images": [photo] }), uuid::Uuid::new_v4());
    let send = || user.post(paths::TICKETS, body.clone()).key(key).send();
    let first = send().await;
    let ticket: api_types::Ticket = first.read(201);
    assert_eq!((ticket.unsure, ticket.category.as_str()), (false, "it"));
    let again: api_types::Ticket = send().await.read(201);
    assert_eq!(again, ticket);
    wait_until("the ticket", async || !found(&staff, "computer").await.is_empty()).await;
}

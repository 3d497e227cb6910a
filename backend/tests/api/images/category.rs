//! What labels made of a category goes with them: it is as the text alone would have it, unless a person decided.

use api_types::{CategoryBy, ImageId, Ticket, TicketId, paths};
use serde_json::json;

use super::{
    labels::{VAGUE, predict},
    pictures,
    redact::redact,
};
use crate::support::{Desk, Person};

/// Makes a vague text one for this desk.
const WIFI: &str = "wifi password login";

fn in_short(ticket: &Ticket) -> (&str, CategoryBy, bool, Option<f64>) {
    (ticket.category.as_str(), ticket.category_by, ticket.unsure, ticket.confidence)
}

/// A ticket that a label of its photo made sure.
async fn made_sure(desk: &Desk, user: &Person, number: u64) -> (Ticket, ImageId) {
    let ticket = user.report(json!({ "description": VAGUE })).await;
    assert!(ticket.unsure);
    let photo = user.attach(ticket.id, pictures::photo(number)).await.id;
    desk.staff().label(photo, WIFI, true).await;
    let now = user.find(ticket.id).await;
    assert_eq!((now.unsure, now.category.as_str()), (false, "it"));
    (now, photo)
}

/// What must not change where nothing does: the version, and how many lines of history there are.
async fn trace(person: &Person, id: TicketId) -> (i64, usize) {
    (person.find(id).await.version, person.history(id).await.len())
}

async fn reclassified(person: &Person, id: TicketId) -> Vec<(Option<String>, Option<String>)> {
    let history = person.history(id).await;
    let lines = history.into_iter().filter(|line| line.0 == "reclassified");
    lines.map(|line| (line.1, line.2)).collect()
}

#[tokio::test]
async fn a_category_is_as_unsure_as_its_text_again_when_staff_take_the_label_off() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let bare = user.report(json!({ "description": VAGUE })).await;
    assert_ne!(bare.category.as_str(), "it", "the label says something else than the text");
    let (sure, photo) = made_sure(&desk, &user, 1).await;
    staff.label(photo, "zanzibar", true).await;
    let before = trace(&user, sure.id).await;
    staff.label(photo, WIFI, false).await;
    let now = user.find(sure.id).await;
    assert_eq!(in_short(&now), in_short(&bare));
    assert_eq!(trace(&user, sure.id).await, (before.0 + 1, before.1 + 1));
    let (own, it) = (Some(bare.category.to_string()), Some("it".to_owned()));
    let expected = [(own.clone(), it.clone()), (it, own)];
    assert_eq!(reclassified(&user, sure.id).await, expected);
    // Again, and a label that says nothing: nothing changes.
    let before = trace(&user, sure.id).await;
    for label in [WIFI, "zanzibar"] {
        staff.label(photo, label, false).await;
        assert_eq!(trace(&user, sure.id).await, before, "{label}");
    }
    // And back once more.
    staff.label(photo, WIFI, true).await;
    assert_eq!(in_short(&user.find(sure.id).await), in_short(&sure));
}

#[tokio::test]
async fn a_category_that_a_prediction_made_sure_is_unsure_again_when_staff_take_it_off() {
    let desk = Desk::start().await;
    let user = desk.user();
    let other = desk.report("Something").await;
    let known = user.attach(other.id, pictures::photo(1)).await.id;
    predict(&desk, known, &[(WIFI, 0.9)]).await;
    let photo = user.prepare(pictures::photo(1)).await.id;
    let ticket = user.report(json!({ "description": VAGUE, "images": [photo] })).await;
    assert!(!ticket.unsure);
    desk.staff().label(photo, WIFI, false).await;
    let bare = user.report(json!({ "description": VAGUE })).await;
    assert_eq!(in_short(&user.find(ticket.id).await), in_short(&bare));
}

#[tokio::test]
async fn a_photo_that_was_labelled_before_makes_the_ticket_sure_that_it_is_added_to() {
    let desk = Desk::start().await;
    let user = desk.user();
    let other = desk.report("Something").await;
    let known = user.attach(other.id, pictures::photo(1)).await.id;
    predict(&desk, known, &[(WIFI, 0.9)]).await;
    let ticket = user.report(json!({ "description": VAGUE })).await;
    let sure = user.report(json!({ "description": "Water drips from the radiator" })).await;
    for id in [ticket.id, sure.id] {
        user.attach(id, pictures::photo(1)).await;
    }
    let now = user.find(ticket.id).await;
    assert_eq!((now.unsure, now.category.as_str()), (false, "it"));
    assert_eq!(reclassified(&user, ticket.id).await.len(), 1);
    let now = user.find(sure.id).await;
    assert_eq!((in_short(&now), now.version), (in_short(&sure), sure.version));
}

#[tokio::test]
async fn a_redacted_photo_takes_along_what_it_made_sure_wherever_it_was() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let bare = user.report(json!({ "description": VAGUE })).await;
    let (first, photo) = made_sure(&desk, &user, 1).await;
    let (second, _) = made_sure(&desk, &user, 1).await;
    // A merged ticket's photo made the one sure that stands for it.
    let (lamp, target) = (desk.report("The radiator drips").await, bare.clone());
    let merged = user.attach(lamp.id, pictures::photo(1)).await.id;
    staff.merge(lamp.id, target.id).await;
    staff.label(merged, WIFI, true).await;
    assert!(!user.find(target.id).await.unsure);
    let (closed, _) = made_sure(&desk, &user, 1).await;
    let closed = staff.close(&closed, "Done.").await;
    redact(&staff, first.id, photo).await.read::<Ticket>(200);
    for id in [first.id, second.id, target.id] {
        assert_eq!(in_short(&user.find(id).await), in_short(&bare));
    }
    let now = staff.find(closed.id).await;
    assert_eq!((in_short(&now), now.version), (in_short(&closed), closed.version));
}

#[tokio::test]
async fn what_a_person_decided_stays_when_labels_go() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    for (number, (person, by)) in
        [(&user, CategoryBy::Reporter), (&staff, CategoryBy::Staff)].into_iter().enumerate()
    {
        let (ticket, photo) = made_sure(&desk, &user, number as u64).await;
        let body = json!({ "category": "it" });
        let call = person.put(&paths::category(ticket.id), body).at(ticket.version);
        let decided: Ticket = call.send().await.read(200);
        assert_eq!(decided.category_by, by);
        let before = trace(&user, ticket.id).await;
        staff.label(photo, WIFI, false).await;
        assert_eq!(in_short(&user.find(ticket.id).await), in_short(&decided));
        assert_eq!(trace(&user, ticket.id).await, before);
        redact(&staff, ticket.id, photo).await.read::<Ticket>(200);
        assert_eq!(in_short(&user.find(ticket.id).await), in_short(&decided));
        assert_eq!(trace(&user, ticket.id).await, (before.0, before.1 + 1), "the redaction itself");
    }
}

#[tokio::test]
async fn labels_that_come_and_go_change_nothing_of_a_ticket_whose_text_is_sure() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let sure = user.report(json!({ "description": "Water drips from the ceiling radiator" })).await;
    assert!(!sure.unsure);
    let photo = user.attach(sure.id, pictures::photo(1)).await.id;
    let before = trace(&user, sure.id).await;
    for confirmed in [true, false] {
        staff.label(photo, WIFI, confirmed).await;
        assert_eq!(trace(&user, sure.id).await, before);
    }
    redact(&staff, sure.id, photo).await.read::<Ticket>(200);
    assert_eq!(trace(&user, sure.id).await, (before.0, before.1 + 1));
    assert_eq!(in_short(&user.find(sure.id).await), in_short(&sure));
}

#[tokio::test]
async fn a_photo_that_says_nothing_leaves_the_category_as_it_is_whatever_todays_model_says() {
    let desk = Desk::start().await;
    let (user, ticket) = (desk.user(), desk.report(VAGUE).await);
    // As a model of before would have left it.
    let sql = desk.sql().await;
    let former = "UPDATE tickets SET category = 'services', unsure = false WHERE id = $1";
    sql.execute(former, &[&ticket.id.0]).await.unwrap();
    let before = user.find(ticket.id).await;
    user.attach(ticket.id, pictures::photo(9)).await;
    let now = user.find(ticket.id).await;
    assert_eq!((now.category, now.unsure), (api_types::Category::Services, false));
    assert_eq!(now.version, before.version);
    assert_eq!(reclassified(&user, ticket.id).await, []);
}

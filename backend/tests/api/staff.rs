//! The roster: `GET POST /staff`, `PATCH /staff/{id}`.

use api_types::{Page, ProblemKind, Staff, Ticket, headers, paths};
use futures_util::future::join_all;
use serde_json::json;
use uuid::Uuid;

use crate::support::Desk;

async fn roster(desk: &Desk) -> Vec<Staff> {
    desk.user().get(paths::STAFF).send().await.read::<Page<Staff>>(200).items
}

async fn hire(desk: &Desk, name: &str) -> Staff {
    desk.staff().post(paths::STAFF, json!({ "name": name })).send().await.read(201)
}

#[tokio::test]
async fn a_member_is_added_renamed_and_sent_away_and_everyone_can_read_the_roster() {
    let desk = Desk::start().await;
    let answer = desk.staff().post(paths::STAFF, json!({ "name": " Zoë  Ångström " })).send().await;
    let zoe: Staff = answer.read(201);
    assert_eq!((zoe.name.as_str(), zoe.active), ("Zoë Ångström", true));
    assert_eq!(answer.header("location"), Some(paths::staff_member(zoe.id).as_str()));
    let ada = hire(&desk, "Ada").await;
    assert_eq!(roster(&desk).await, [ada, zoe.clone()]);

    let path = paths::staff_member(zoe.id);
    let edit = desk.staff().patch(&path, json!({ "name": "Zoë Berg", "active": false }));
    let away: Staff = edit.send().await.read(200);
    assert_eq!((away.name.as_str(), away.active), ("Zoë Berg", false));
    let back: Staff = desk.staff().patch(&path, json!({ "active": true })).send().await.read(200);
    assert!(back.active);
    let same: Staff = desk.staff().patch(&path, json!({})).send().await.read(200);
    assert_eq!(same, back);
}

#[tokio::test]
async fn tickets_show_the_name_that_a_member_has_now_and_history_the_one_they_had() {
    let desk = Desk::start().await;
    let ada = hire(&desk, "Ada").await;
    let ticket = desk.report("It drips").await;
    let assign = desk.staff().put(&paths::assignee(ticket.id), json!({ "assignee": ada.id }));
    assign.at(1).send().await.read::<Ticket>(200);
    let rename = desk.staff().patch(&paths::staff_member(ada.id), json!({ "name": "Ada L." }));
    rename.send().await.read::<Staff>(200);
    let now = desk.user().find(ticket.id).await;
    assert_eq!(now.assignee.map(|staff| staff.name).as_deref(), Some("Ada L."));
    assert_eq!(desk.user().history(ticket.id).await[1].2.as_deref(), Some("Ada"));
}

#[tokio::test]
async fn a_name_is_taken_once_whatever_the_case() {
    let desk = Desk::start().await;
    hire(&desk, "Ada").await;
    let ben = hire(&desk, "Ben").await;
    let add = desk.staff().post(paths::STAFF, json!({ "name": "ADA" })).send().await;
    add.refused_field(ProblemKind::NameTaken, "name");
    let rename = desk.staff().patch(&paths::staff_member(ben.id), json!({ "name": "ada" }));
    rename.send().await.refused_field(ProblemKind::NameTaken, "name");
    let own = desk.staff().patch(&paths::staff_member(ben.id), json!({ "name": "BEN" }));
    assert_eq!(own.send().await.read::<Staff>(200).name, "BEN");
}

#[tokio::test]
async fn the_same_member_sent_again_gets_the_first_answer_and_another_name_is_refused() {
    let desk = Desk::start().await;
    let (staff, key) = (desk.staff(), Uuid::new_v4());
    let send = |name: &str| staff.post(paths::STAFF, json!({ "name": name })).key(key).send();
    let first: Staff = send("Ada").await.read(201);
    let again = send("Ada").await;
    assert_eq!(again.read::<Staff>(201), first);
    assert_eq!(again.header(headers::IDEMPOTENCY_REPLAYED), Some("true"));
    send("Ben").await.refused(ProblemKind::KeyReused);
}

#[tokio::test]
async fn members_sent_at_once_with_one_key_are_one_member() {
    let desk = Desk::start().await;
    let (staff, key) = (desk.staff(), Uuid::new_v4());
    let send = || staff.post(paths::STAFF, json!({ "name": "Ada" })).key(key).send();
    let answers = join_all((0..16).map(|_| send())).await;
    let first: Staff = answers[0].read(201);
    assert!(answers.iter().all(|answer| answer.read::<Staff>(201) == first));
    assert_eq!(roster(&desk).await.len(), 1);
}

#[tokio::test]
async fn names_are_checked_and_absent_members_not_found() {
    let desk = Desk::start().await;
    let ada = hire(&desk, "Ada").await;
    for (body, field) in [
        (json!({ "name": "" }), "name"),
        (json!({ "name": " \t" }), "name"),
        (json!({ "name": "n".repeat(81) }), "name"),
        (json!({ "name": "a\u{0}" }), "name"),
        (json!({ "name": 5 }), "name"),
        (json!({ "name": "Ben", "id": 9 }), "id"),
    ] {
        let add = desk.staff().post(paths::STAFF, body.clone()).send().await;
        add.refused_field(ProblemKind::InvalidInput, field);
        let edit = desk.staff().patch(&paths::staff_member(ada.id), body).send().await;
        edit.refused_field(ProblemKind::InvalidInput, field);
    }
    let absent = paths::staff_member(api_types::StaffId(999_999));
    for body in [json!({ "name": "Ben" }), json!({})] {
        desk.staff().patch(&absent, body).send().await.refused(ProblemKind::NotFound);
    }
}

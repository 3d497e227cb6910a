//! `GET /locations`.

use api_types::{Page, ProblemKind, paths};
use serde_json::json;

use crate::support::Desk;

async fn suggest(desk: &Desk, prefix: &str) -> Vec<String> {
    let encoded: String = form_urlencoded::byte_serialize(prefix.as_bytes()).collect();
    let path = format!("{}?prefix={encoded}", paths::LOCATIONS);
    desk.user().get(&path).send().await.read::<Page<String>>(200).items
}

#[tokio::test]
async fn places_named_before_are_suggested_whatever_the_case_each_once() {
    let desk = Desk::start().await;
    for place in ["Library, floor 2", "library entrance", "Kitchen", "Library, floor 2"] {
        desk.user().report(json!({ "description": "It drips", "location": place })).await;
    }
    assert_eq!(suggest(&desk, "LIB").await, ["library entrance", "Library, floor 2"]);
    assert_eq!(suggest(&desk, "").await.len(), 3);
    assert_eq!(suggest(&desk, "attic").await, [""; 0]);
    let ticket = desk.report("Another").await;
    desk.user().edit(&ticket, json!({ "location": "Attic" })).await;
    assert_eq!(suggest(&desk, "attic").await, ["Attic"]);
}

#[tokio::test]
async fn signs_that_mean_something_in_a_pattern_mean_themselves() {
    let desk = Desk::start().await;
    for place in ["100% room", "100x room", "A_1", "AB1", "C\\D"] {
        desk.user().report(json!({ "description": "It drips", "location": place })).await;
    }
    assert_eq!(suggest(&desk, "100%").await, ["100% room"]);
    assert_eq!(suggest(&desk, "a_").await, ["A_1"]);
    assert_eq!(suggest(&desk, "c\\").await, ["C\\D"]);
}

#[tokio::test]
async fn at_most_ten_are_suggested_and_a_prefix_is_checked() {
    let desk = Desk::start().await;
    for n in 0..15 {
        let place = format!("Room {n:02}");
        desk.user().report(json!({ "description": "It drips", "location": place })).await;
    }
    assert_eq!(suggest(&desk, "room").await.len(), 10);
    for (query, field) in [
        (format!("prefix={}", "x".repeat(201)), "prefix"),
        ("prefix=%00".into(), "prefix"),
        ("q=x".into(), "q"),
    ] {
        let answer = desk.user().get(&format!("{}?{query}", paths::LOCATIONS)).send().await;
        answer.refused_field(ProblemKind::InvalidRequest, field);
    }
}

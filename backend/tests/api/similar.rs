//! `POST /similar`: reports and answers like the one being written.

use api_types::{HitKind, Page, ProblemKind, SimilarHit, Status, paths};
use serde_json::{Value, json};

use crate::support::{Desk, Person};

const REPORT: &str =
    "The projector in the lecture hall shows no picture, the screen stays black and HDMI is dead.";

async fn similar(person: &Person, text: &str) -> Vec<SimilarHit> {
    let answer = person.post(paths::SIMILAR, json!({ "text": text })).send().await;
    answer.read::<Page<SimilarHit>>(200).items
}

fn found(items: &[SimilarHit]) -> Vec<(HitKind, i64)> {
    items.iter().map(|hit| (hit.kind, hit.id)).collect()
}

/// Reports that have nothing to do with a projector.
async fn report_others(desk: &Desk) {
    for description in [
        "The tap in the tea kitchen drips all night",
        "My password for the portal was refused",
        "I need a certificate of enrolment for the bank",
        "The lamp above the stairs flickers",
    ] {
        desk.report(description).await;
    }
}

#[tokio::test]
async fn an_open_ticket_about_the_same_is_suggested_until_it_is_closed() {
    let desk = Desk::start().await;
    report_others(&desk).await;
    let same = desk.report("Projector black in the lecture hall, no picture over HDMI").await;
    for person in [desk.user(), desk.staff()] {
        let items = similar(&person, REPORT).await;
        assert_eq!(found(&items), [(HitKind::Ticket, same.id.0)]);
        let hit = &items[0];
        assert_eq!((hit.title.as_str(), hit.status), (same.title.as_str(), Some(Status::Open)));
        assert_eq!((hit.location.clone(), hit.affected), (None, 0));
    }
    let active = desk.staff().step(&same, json!({ "to": "active" })).await;
    assert_eq!(similar(&desk.user(), REPORT).await.len(), 1);
    desk.staff().step(&active, json!({ "to": "closed" })).await;
    for person in [desk.user(), desk.staff()] {
        assert_eq!(similar(&person, REPORT).await, []);
    }
}

#[tokio::test]
async fn a_place_and_a_merged_ticket_lead_to_the_same() {
    let desk = Desk::start().await;
    report_others(&desk).await;
    let place = json!({ "description": "Projector dead", "location": "Lecture hall 7" });
    let target = desk.user().report(place).await;
    let merged = desk.report("The beamer shows no picture, black").await;
    desk.staff().merge(merged.id, target.id).await;
    for report in [
        json!({ "text": "It is dead", "location": "Lecture hall 7" }),
        json!({ "text": "The beamer stays black" }),
    ] {
        let answer = desk.user().post(paths::SIMILAR, report).send().await;
        let items = answer.read::<Page<SimilarHit>>(200).items;
        assert_eq!(found(&items), [(HitKind::Ticket, target.id.0)]);
    }
}

#[tokio::test]
async fn three_are_shown_at_most_and_one_of_them_is_an_article() {
    let desk = Desk::start().await;
    report_others(&desk).await;
    for n in 1..=5 {
        desk.report(&format!("Projector {n} shows no picture, the screen is black")).await;
    }
    let draft = json!({ "title": "Projector without picture", "body": REPORT, "category": "it" });
    desk.staff().post(paths::ARTICLES, draft).send().await.read::<api_types::Article>(201);
    let tickets = similar(&desk.user(), REPORT).await;
    assert_eq!(tickets.len(), 3);
    assert!(tickets.iter().all(|hit| hit.kind == HitKind::Ticket), "a draft is none: {tickets:?}");

    let first = desk.staff().publish("Projector shows no picture", REPORT).await;
    let second = desk.staff().publish("Projector screen stays black", REPORT).await;
    for person in [desk.user(), desk.staff()] {
        let items = similar(&person, REPORT).await;
        let articles: Vec<i64> =
            items.iter().filter(|hit| hit.kind == HitKind::Article).map(|hit| hit.id).collect();
        assert_eq!((items.len(), articles.len()), (3, 1), "{items:?}");
        assert!([first.id.0, second.id.0].contains(&articles[0]));
    }
}

#[tokio::test]
async fn an_article_is_suggested_by_its_title_and_not_for_what_it_mentions() {
    let desk = Desk::start().await;
    report_others(&desk).await;
    desk.staff().publish("Parking", REPORT).await;
    assert_eq!(similar(&desk.user(), REPORT).await, []);
    let article = desk.staff().publish("No picture from the projector", "Press Input.").await;
    let items = similar(&desk.user(), REPORT).await;
    assert_eq!(found(&items), [(HitKind::Article, article.id.0)]);
}

#[tokio::test]
async fn internal_notes_do_not_count() {
    let desk = Desk::start().await;
    report_others(&desk).await;
    let lamp = desk.report("A lamp hums").await;
    desk.staff().write(lamp.id, json!({ "body": REPORT, "internal": true })).await;
    for person in [desk.user(), desk.staff()] {
        assert_eq!(similar(&person, REPORT).await, []);
    }
    desk.staff().write(lamp.id, json!({ "body": REPORT })).await;
    let items = similar(&desk.user(), REPORT).await;
    assert_eq!(found(&items), [(HitKind::Ticket, lamp.id.0)]);
}

#[tokio::test]
async fn a_text_that_says_nothing_is_like_nothing() {
    let desk = Desk::start().await;
    report_others(&desk).await;
    for text in ["", "  ", "😀 !!", "the and of", "Xylophone", "in the"] {
        assert_eq!(similar(&desk.user(), text).await, [], "{text:?}");
    }
}

#[tokio::test]
async fn what_is_no_report_is_refused_by_name_and_what_is_long_is_not() {
    let desk = Desk::start().await;
    report_others(&desk).await;
    let ask = |body: Value| desk.user().post(paths::SIMILAR, body).send();
    for (body, field) in [
        (json!({}), "text"),
        (json!({ "text": null }), "text"),
        (json!({ "text": 5 }), "text"),
        (json!({ "text": "x".repeat(10_201) }), "text"),
        (json!({ "text": "tap", "location": "x".repeat(201) }), "location"),
        (json!({ "text": "tap", "location": "a\u{0}" }), "location"),
        (json!({ "text": "tap", "colour": "red" }), "colour"),
    ] {
        ask(body).await.refused_field(ProblemKind::InvalidInput, field);
    }
    for text in ["x".repeat(10_200), "😀".repeat(10_200), "𝒜".repeat(10_200), "w9 ".repeat(3_400)]
    {
        assert_eq!(ask(json!({ "text": text })).await.status, 200);
    }
    let words: String = (0..1_500).map(|n| format!("word{n} ")).collect();
    assert_eq!(ask(json!({ "text": words[..10_200] })).await.status, 200);
    assert_eq!(ask(json!({ "text": "a\u{0}b tap" })).await.status, 200);
}

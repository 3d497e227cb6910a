//! `POST /classify`.

use api_types::{Category, Classification, ProblemKind, Ticket, paths};
use serde_json::json;

use crate::support::Desk;

async fn classify(desk: &Desk, text: &str) -> Classification {
    desk.user().post(paths::CLASSIFY, json!({ "text": text })).send().await.read(200)
}

#[tokio::test]
async fn a_text_gets_a_category_with_probabilities_that_sum_to_one() {
    let desk = Desk::start().await;
    for (text, category) in [
        ("The radiator is cold and water drips from the ceiling", Category::Facility),
        ("My password does not work and the wifi drops", Category::It),
        ("I paid my tuition fee twice and need a refund", Category::Services),
    ] {
        let answer = classify(&desk, text).await;
        assert_eq!(answer.category, category, "{text}");
        let sum: f64 = Category::ALL.iter().map(|one| answer.probabilities.of(*one)).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{sum}");
        let best = answer.probabilities.of(category);
        assert!(Category::ALL.iter().all(|one| answer.probabilities.of(*one) <= best));
    }
}

#[tokio::test]
async fn nothing_is_stored_and_an_empty_text_is_answered_as_unsure() {
    let desk = Desk::start().await;
    assert!(classify(&desk, "").await.unsure);
    let count = desk.sql().await.query_one("SELECT count(*) FROM tickets", &[]).await.unwrap();
    assert_eq!(count.get::<_, i64>(0), 0);
}

#[tokio::test]
async fn a_text_that_says_nothing_is_unsure_near_an_even_chance_and_makes_a_ticket_like_any_other()
{
    let desk = Desk::start().await;
    let base64 = "TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBvbmx5/GJ5IGhpcyByZWFzb24+IGJ1dCBieSB0aGlzIHNpbmd1bGFyIHBhc3Npb24/".repeat(9);
    for text in [
        "🚿🔥😡",
        "图书馆的无线网络从昨天开始就断了",
        "المصعد في المبنى الثالث لا يعمل منذ يومين",
        &base64,
        "it is what it is and so are we, but they were there before you and me",
        "\u{202e}…!? — ///",
    ] {
        let answer = classify(&desk, text).await;
        let most =
            Category::ALL.iter().map(|one| answer.probabilities.of(*one)).fold(0.0, f64::max);
        assert!(answer.unsure && most < 0.5, "{text:.30}: {answer:?}");
        let ticket = desk.report(text).await;
        assert_eq!((ticket.unsure, ticket.category), (true, answer.category), "{text:.30}");
    }
    let long = classify(&desk, &"zqx vwk ".repeat(1_250)).await;
    assert!(long.unsure, "{long:?}");
}

#[tokio::test]
async fn the_answer_while_typing_is_what_the_ticket_gets() {
    let desk = Desk::start().await;
    let (title, text) = ("No network", "The wifi in the library drops every few minutes");
    let ticket: Ticket = desk.user().report(json!({ "title": title, "description": text })).await;
    let answer = classify(&desk, &format!("{title}\n{text}")).await;
    assert_eq!((ticket.category, ticket.unsure), (answer.category, answer.unsure));
    let difference = ticket.confidence.unwrap() - answer.probabilities.of(answer.category);
    assert!(difference.abs() < 1e-3, "{difference}");
}

#[tokio::test]
async fn a_text_that_is_none_or_too_long_is_named() {
    let desk = Desk::start().await;
    for body in [
        json!({ "text": "x".repeat(10_201) }),
        json!({ "text": 5 }),
        json!({ "text": null }),
        json!({}),
    ] {
        let answer = desk.user().post(paths::CLASSIFY, body).send().await;
        answer.refused_field(ProblemKind::InvalidInput, "text");
    }
    classify(&desk, &"x".repeat(10_200)).await;
}

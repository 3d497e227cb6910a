//! Google Cloud Vision as its documentation describes it.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use vision::{Failure, GoogleVision, Guarded, Labeller as _, Prediction, SetupError};

use crate::{
    photos::{RED, in_short, plain_photo},
    server::{Reply, Server},
};

const KEY: &str = "AIzaSyNobodyKnowsThisKey";

fn google(url: &str) -> GoogleVision {
    GoogleVision::new(url.to_owned(), KEY.to_owned()).unwrap()
}

async fn ask(url: &str) -> Result<Vec<Prediction>, Failure> {
    google(url).label(&plain_photo(RED)).await
}

/// What comes of a refused request; every text of the service repeats the key.
async fn ask_refusing(status: u16, error: Value) -> Failure {
    let server = Server::answering(status, json!({ "error": error })).await;
    let failure = ask(&server.url).await.unwrap_err();
    assert!(!format!("{failure} {failure:?}").contains(KEY), "{failure}");
    failure
}

fn labels() -> Value {
    json!({ "responses": [{ "labelAnnotations": [
        { "mid": "/m/01c8br", "description": "Street", "score": 0.872, "topicality": 0.872 },
        { "mid": "/m/0838f", "description": "Water", "score": 0.95, "topicality": 0.4 },
        { "mid": "/m/05wrt", "description": "Wall ", "score": 0.5 },
    ] }] })
}

#[tokio::test]
async fn a_photo_is_sent_as_documented_and_its_labels_come_back_surest_first() {
    let server = Server::answering(200, labels()).await;
    let photo = plain_photo(RED);
    let said = google(&server.url).label(&photo).await.unwrap();
    assert_eq!(in_short(&said), [("water", 95), ("street", 87), ("wall", 50)]);
    let asked = &server.asked()[0];
    assert_eq!(asked.line, "POST /v1/images:annotate HTTP/1.1");
    assert_eq!(asked.header("x-goog-api-key"), KEY);
    assert_eq!(asked.header("content-type"), "application/json");
    let features = json!([{ "type": "LABEL_DETECTION", "maxResults": 10 }]);
    let content = BASE64_STANDARD.encode(&photo.webp);
    let expected =
        json!({ "requests": [{ "image": { "content": content }, "features": features }] });
    assert_eq!(asked.json(), expected);
}

#[tokio::test]
async fn a_photo_of_nothing_has_no_labels() {
    let server = Server::answering(200, json!({ "responses": [{}] })).await;
    assert_eq!(ask(&server.url).await, Ok(vec![]));
}

#[tokio::test]
async fn a_busy_service_says_when_to_come_back() {
    let later = |retry_after| Failure::Busy { retry_after };
    for (header, retry_after) in [
        (Some("17"), Some(Duration::from_secs(17))),
        (Some("Wed, 21 Oct 2026 07:28:00 GMT"), None),
        (None, None),
    ] {
        let headers = header.map(|value| ("retry-after", value.to_owned())).into_iter().collect();
        let body = json!({ "error": { "code": 429, "status": "RESOURCE_EXHAUSTED" } }).to_string();
        let server = Server::start(Reply::Whole(429, headers, body)).await;
        assert_eq!(ask(&server.url).await, Err(later(retry_after)), "{header:?}");
    }
}

#[tokio::test]
async fn a_photo_may_have_an_error_of_its_own() {
    let message = "Bad image data.";
    for (code, failure) in [
        (3, Failure::Refused(message.to_owned())),
        (8, Failure::Busy { retry_after: None }),
        (13, Failure::Away(format!("code 13: {message}"))),
        (14, Failure::Away(format!("code 14: {message}"))),
        (7, Failure::Away(format!("code 7: {message}"))),
    ] {
        let body = json!({ "responses": [{ "error": { "code": code, "message": message } }] });
        let server = Server::answering(200, body).await;
        assert_eq!(ask(&server.url).await, Err(failure), "{code}");
    }
}

#[tokio::test]
async fn a_bad_request_is_a_bad_photo_unless_it_is_the_key() {
    let message = format!("Something about {KEY} is wrong.");
    let hidden = "Something about [secret] is wrong.";
    let info = |reason: &str| {
        json!([{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason,
            "domain": "googleapis.com", "metadata": { "service": "vision.googleapis.com" } }])
    };
    for (status, details, failure) in [
        ("INVALID_ARGUMENT", json!([]), Failure::Refused(hidden.to_owned())),
        ("INVALID_ARGUMENT", info("API_KEY_INVALID"), Failure::Away(hidden.to_owned())),
        ("FAILED_PRECONDITION", json!([]), Failure::Away(hidden.to_owned())),
    ] {
        let error =
            json!({ "code": 400, "message": message, "status": status, "details": details });
        assert_eq!(ask_refusing(400, error).await, failure, "{status}");
    }
}

#[tokio::test]
async fn a_refused_key_and_a_broken_service_are_not_the_photo() {
    for status in [401, 403, 404, 500, 503] {
        let error = json!({ "code": status, "message": format!("No, {KEY}.") });
        let expected = Failure::Away(format!("status {status} No, [secret]."));
        assert_eq!(ask_refusing(status, error).await, expected);
    }
    let server = Server::answering(502, "<html>").await;
    assert_eq!(ask(&server.url).await, Err(Failure::Away("status 502".to_owned())));
    let server = Server::answering(413, "").await;
    assert!(matches!(ask(&server.url).await, Err(Failure::Refused(_))));
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_unreadable() {
    let whole = |status, body: &str| Reply::Whole(status, Vec::new(), body.to_owned());
    for reply in [
        whole(200, ""),
        whole(200, "<html>"),
        whole(200, r#"{"responses": [{"labelAnnotations": [{"description": "Str"#),
        whole(200, r#"{"responses": []}"#),
        whole(200, "{}"),
        whole(400, "<html>"),
        Reply::Truncated(labels().to_string()),
        Reply::Endless,
    ] {
        let server = Server::start(reply).await;
        let said = ask(&server.url).await;
        assert!(matches!(said, Err(Failure::Unreadable(_))), "{said:?}");
    }
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_away() {
    let said = ask(&Server::gone().await).await;
    assert!(matches!(said, Err(Failure::Away(_))), "{said:?}");
    let server = Server::start(Reply::Silence).await;
    let guarded = Guarded::new(Arc::new(google(&server.url)), Duration::from_millis(100));
    let said = guarded.label(&plain_photo(RED)).await;
    assert_eq!(said, Err(Failure::Away("no answer within 100ms".to_owned())));
}

#[tokio::test]
async fn the_key_does_not_follow_a_redirection() {
    let elsewhere = Server::answering(200, labels()).await;
    let headers = vec![("location", elsewhere.url.clone())];
    let server = Server::start(Reply::Whole(307, headers, String::new())).await;
    assert_eq!(ask(&server.url).await, Err(Failure::Away("status 307".to_owned())));
    assert!(elsewhere.asked().is_empty());
}

#[tokio::test]
async fn the_key_stands_in_no_debug_text_and_a_wrong_setting_is_told() {
    assert!(!format!("{:?}", google("http://127.0.0.1:1")).contains(KEY));
    let url = GoogleVision::new("no address".to_owned(), KEY.to_owned());
    assert!(matches!(url, Err(SetupError::Url(_))));
    let key = GoogleVision::new("http://127.0.0.1:1".to_owned(), "two\nlines".to_owned());
    assert!(matches!(key, Err(SetupError::Key)));
}

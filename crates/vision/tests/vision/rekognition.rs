//! Amazon Rekognition as its documentation describes it: JSON 1.1, errors with `__type`.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use image::ImageFormat;
use serde_json::{Value, json};
use vision::{
    Failure, Guarded, Labeller as _, Prediction, Rekognition, SetupError, rekognition::Settings,
};

use crate::{
    photos::{BLUE, broken_photo, in_short, plain_photo},
    server::{Reply, Server},
    signature::sign,
};

const ID: &str = "AKIDNOBODY";
const SECRET: &str = "nobody/knows+this";
const TOKEN: &str = "token-of-the-day";

fn settings(endpoint: &str) -> Settings {
    Settings {
        endpoint: Some(endpoint.to_owned()),
        region: "eu-central-1".to_owned(),
        access_key_id: ID.to_owned(),
        secret_access_key: SECRET.to_owned(),
        session_token: Some(TOKEN.to_owned()),
    }
}

fn rekognition(endpoint: &str) -> Rekognition {
    Rekognition::new(settings(endpoint)).unwrap()
}

async fn ask(endpoint: &str) -> Result<Vec<Prediction>, Failure> {
    rekognition(endpoint).label(&plain_photo(BLUE)).await
}

/// What comes of an error; every text of the service repeats the keys.
async fn ask_refusing(status: u16, kind: &str) -> Failure {
    let message = format!("No: {ID} {SECRET} {TOKEN}");
    let body = json!({ "__type": kind, "Message": message, "message": message }).to_string();
    let headers = vec![("content-type", "application/x-amz-json-1.1".to_owned())];
    let server = Server::start(Reply::Whole(status, headers, body)).await;
    let failure = ask(&server.url).await.unwrap_err();
    let text = format!("{failure} {failure:?}");
    assert!([ID, SECRET, TOKEN].iter().all(|secret| !text.contains(secret)), "{text}");
    failure
}

fn labels() -> Value {
    let label = |name, confidence| {
        json!({ "Name": name, "Confidence": confidence, "Instances": [], "Aliases": [],
            "Parents": [{ "Name": "Indoors" }], "Categories": [{ "Name": "Home" }] })
    };
    json!({ "LabelModelVersion": "3.0",
        "Labels": [label("Flood", 81.25), label("Bathroom", 99.4), label("Sink", 55.0)] })
}

#[tokio::test]
async fn a_photo_is_sent_signed_as_jpeg_and_its_labels_come_back_surest_first() {
    let server = Server::answering(200, labels()).await;
    let said = ask(&server.url).await.unwrap();
    assert_eq!(in_short(&said), [("bathroom", 99), ("flood", 81), ("sink", 55)]);
    let asked = &server.asked()[0];
    assert_eq!(asked.line, "POST / HTTP/1.1");
    assert_eq!(asked.header("x-amz-target"), "RekognitionService.DetectLabels");
    assert_eq!(asked.header("content-type"), "application/x-amz-json-1.1");
    assert_eq!(asked.header("x-amz-security-token"), TOKEN);
    let body = asked.json();
    assert_eq!(body["MaxLabels"], 10);
    assert_eq!(body["MinConfidence"], 55.0);
    let jpeg = BASE64_STANDARD.decode(body["Image"]["Bytes"].as_str().unwrap()).unwrap();
    let picture = image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg).unwrap();
    assert_eq!((picture.width(), picture.height()), (160, 120));
    let authorization = asked.header("authorization");
    let day = &asked.header("x-amz-date")[..8];
    let scope = format!("Credential={ID}/{day}/eu-central-1/rekognition/aws4_request");
    assert!(authorization.starts_with(&format!("AWS4-HMAC-SHA256 {scope}")), "{authorization}");
    let signature = sign(asked, SECRET, "eu-central-1", "rekognition");
    assert!(authorization.ends_with(&format!("Signature={signature}")), "{authorization}");
}

#[tokio::test]
async fn a_photo_of_nothing_has_no_labels() {
    let server = Server::answering(200, json!({ "Labels": [] })).await;
    assert_eq!(ask(&server.url).await, Ok(vec![]));
}

#[tokio::test]
async fn a_throttled_request_is_not_sent_twice_and_can_be_sent_later() {
    for kind in
        ["ThrottlingException", "ProvisionedThroughputExceededException", "LimitExceededException"]
    {
        assert_eq!(ask_refusing(400, kind).await, Failure::Busy { retry_after: None }, "{kind}");
    }
    let headers = vec![("retry-after", "9".to_owned())];
    let server = Server::start(Reply::Whole(429, headers, String::new())).await;
    let retry_after = Some(Duration::from_secs(9));
    assert_eq!(ask(&server.url).await, Err(Failure::Busy { retry_after }));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_photo_that_the_service_does_not_take_is_refused() {
    for kind in [
        "InvalidImageFormatException",
        "com.amazonaws.rekognition#ImageTooLargeException",
        "InvalidParameterException",
        "ValidationException",
    ] {
        let failure = ask_refusing(400, kind).await;
        let kind = kind.rsplit('#').next().unwrap();
        let expected = format!("{kind}: No: [secret] [secret] [secret]");
        assert_eq!(failure, Failure::Refused(expected));
    }
}

#[tokio::test]
async fn a_refused_key_and_a_broken_service_are_not_the_photo() {
    for (status, kind) in [
        (400, "AccessDeniedException"),
        (400, "InvalidSignatureException"),
        (400, "UnrecognizedClientException"),
        (400, "ExpiredTokenException"),
        (500, "InternalServerError"),
        (503, "ServiceUnavailable"),
    ] {
        let expected = format!("{kind}: No: [secret] [secret] [secret]");
        assert_eq!(ask_refusing(status, kind).await, Failure::Away(expected));
    }
    let server = Server::answering(502, "<html>").await;
    let said = ask(&server.url).await;
    assert_eq!(said, Err(Failure::Away("status 502".to_owned())));
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_unreadable() {
    let whole = |status, body: &str| Reply::Whole(status, Vec::new(), body.to_owned());
    for reply in [
        whole(200, "<html>"),
        whole(200, r#"{"Labels": [{"Name": "Fl"#),
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
    let time_out = Duration::from_millis(500);
    let guarded = Guarded::new(Arc::new(rekognition(&server.url)), time_out);
    let said = guarded.label(&plain_photo(BLUE)).await;
    assert_eq!(said, Err(Failure::Away("no answer within 500ms".to_owned())));
}

#[tokio::test]
async fn a_photo_that_is_none_is_not_sent() {
    let server = Server::answering(200, labels()).await;
    let said = rekognition(&server.url).label(&broken_photo()).await;
    assert!(matches!(said, Err(Failure::Refused(_))), "{said:?}");
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn the_keys_stand_in_no_debug_text_and_a_wrong_setting_is_told() {
    let text = format!("{:?} {:?}", rekognition("http://127.0.0.1:1"), settings(""));
    assert!([ID, SECRET, TOKEN].iter().all(|secret| !text.contains(secret)), "{text}");
    assert!(matches!(Rekognition::new(settings("no address")), Err(SetupError::Url(_))));
}

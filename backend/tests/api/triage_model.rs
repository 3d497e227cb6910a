//! `/triage/model`: models of the classifier, published with the service token and taken over by every process.

use api_types::{
    Category, Classification, Page, ProblemKind, Role, Ticket, TriageModel, headers, paths,
};
use reqwest::Method;
use serde_json::{Value, json};
use triage::{
    Model,
    file::{FORMAT, ModelFile, TermLine},
};

use crate::support::{Call, Desk, SERVICE_TOKEN, Server, wait_until};

/// A model for which «teapot» means a category, and that knows nothing else.
fn teapots_are(category: Category) -> ModelFile {
    let weight = |of| if of == category { 9.0 } else { 0.0 };
    let mut file = ModelFile {
        format: FORMAT,
        version: String::new(),
        threshold: 0.6,
        unknown_idf: 1.0,
        bias: [0.0; 3],
        terms: vec![TermLine(
            "teapot".to_owned(),
            3.0,
            weight(Category::Facility),
            weight(Category::It),
            weight(Category::Services),
        )],
    };
    file.version = file.hash();
    file
}

fn with_token(call: Call) -> Call {
    call.header("authorization", &format!("Bearer {SERVICE_TOKEN}"))
}

fn publish(server: &Server, file: &[u8]) -> Call {
    let person = server.person(Role::User);
    with_token(person.bare(Method::PUT, paths::TRIAGE_MODEL).raw(file.to_vec()))
}

fn activate(server: &Server, version: &str) -> Call {
    with_token(server.person(Role::User).bare(Method::POST, &paths::activate_model(version)))
}

async fn classify(server: &Server, text: &str) -> Classification {
    server.person(Role::User).post(paths::CLASSIFY, json!({ "text": text })).send().await.read(200)
}

async fn list(server: &Server) -> Vec<(String, bool)> {
    let page: Page<TriageModel> =
        server.person(Role::Staff).get(paths::TRIAGE_MODEL).send().await.read(200);
    page.items.into_iter().map(|model| (model.version, model.active)).collect()
}

#[tokio::test]
async fn every_process_takes_a_published_model_over_and_goes_back_with_the_others() {
    let desk = Desk::start().await;
    let (one, other) = (&desk.server, Desk::server_on(desk.database.url()));
    let (own, file) = (Model::shipped().version(), teapots_are(Category::It));
    assert_eq!(list(one).await, [(own.to_owned(), true)]);

    let published: TriageModel = publish(one, &file.to_bytes()).send().await.read(200);
    assert_eq!((published.version.as_str(), published.active), (file.version.as_str(), true));
    assert_eq!(classify(one, "teapot").await.category, Category::It);
    let is_it = || async { classify(&other, "teapot").await.probabilities.it > 0.9 };
    wait_until("the model in the other process", is_it).await;
    let ticket: Ticket = desk.user().report(json!({ "description": "teapot" })).await;
    assert_eq!((ticket.category, ticket.unsure), (Category::It, false));
    assert_eq!(list(&other).await, [(own.to_owned(), false), (file.version.clone(), true)]);

    activate(&other, own).send().await.read::<TriageModel>(200);
    let is_back = || async { classify(one, "teapot").await.probabilities.it < 0.9 };
    wait_until("the model before", is_back).await;
    let ready: Value = desk.user().get(paths::HEALTH_READY).send().await.read(200);
    assert_eq!(ready["triage_model"], own);

    // What was published is kept, and a process that starts later finds what is in use.
    activate(one, &file.version).send().await.read::<TriageModel>(200);
    let late = Desk::server_on(desk.database.url());
    let is_it = || async { classify(&late, "teapot").await.probabilities.it > 0.9 };
    wait_until("the model in a process that started later", is_it).await;
}

#[tokio::test]
async fn a_role_is_not_enough_to_change_the_service() {
    let desk = Desk::start().await;
    let file = teapots_are(Category::It).to_bytes();
    for authorization in [None, Some("Bearer "), Some("Bearer wrong"), Some(SERVICE_TOKEN)] {
        for path in [paths::TRIAGE_MODEL.to_owned(), paths::activate_model("0123456789abcdef")] {
            let method = if path == paths::TRIAGE_MODEL { Method::PUT } else { Method::POST };
            let call = desk.staff().call(method, &path).raw(file.clone());
            let call = match authorization {
                Some(value) => call.header("authorization", value),
                None => call,
            };
            call.send().await.refused(ProblemKind::Forbidden);
        }
    }
    assert_eq!(list(&desk.server).await.len(), 1);
    let users = desk.user().bare(Method::GET, paths::TRIAGE_MODEL);
    users.header(headers::DESK_ROLE, "user").send().await.refused(ProblemKind::Forbidden);
}

#[tokio::test]
async fn a_file_that_is_no_model_is_refused_and_the_one_in_use_stays() {
    let desk = Desk::start().await;
    let good: Value = serde_json::from_slice(&teapots_are(Category::It).to_bytes()).unwrap();
    let with = |field: &str, value: Value| {
        let mut file = good.clone();
        file[field] = value;
        file.to_string()
    };
    for (file, field) in [
        (with("version", json!("0123456789abcdef")), "version"),
        (with("threshold", json!(0.7)), "version"),
        (with("colour", json!(1)), "colour"),
        (with("terms", json!("none")), "terms"),
        (json!({}).to_string(), "format"),
    ] {
        let answer = publish(&desk.server, file.as_bytes()).send().await;
        answer.refused_field(ProblemKind::InvalidInput, field);
    }
    let twice = ModelFile {
        terms: [teapots_are(Category::It).terms, teapots_are(Category::It).terms].concat(),
        ..teapots_are(Category::It)
    };
    let twice = ModelFile { version: twice.hash(), ..twice };
    let answer = publish(&desk.server, &twice.to_bytes()).send().await;
    answer.refused_field(ProblemKind::InvalidInput, "body");
    publish(&desk.server, b"{").send().await.refused(ProblemKind::MalformedBody);
    let large = format!("{{\"terms\": \"{}\"}}", "x".repeat(3 << 20));
    let refused = publish(&desk.server, large.as_bytes()).send().await;
    assert!(refused.refused(ProblemKind::TooLarge).detail.contains("2097152"));
    let unknown = activate(&desk.server, "0123456789abcdef").send().await;
    unknown.refused(ProblemKind::NotFound);
    assert_eq!(list(&desk.server).await, [(Model::shipped().version().to_owned(), true)]);
}

#[tokio::test]
async fn a_model_that_was_published_cannot_be_changed_or_removed_by_hand() {
    let desk = Desk::start().await;
    let file = teapots_are(Category::It);
    publish(&desk.server, &file.to_bytes()).send().await.read::<TriageModel>(200);
    let sql = desk.sql().await;
    for statement in [
        "UPDATE triage_models SET file = 'x'",
        "DELETE FROM triage_models",
        "UPDATE triage_activations SET at = now()",
        "TRUNCATE triage_activations",
        "INSERT INTO triage_models (version, file) VALUES ('latest', 'x')",
        "INSERT INTO triage_models (version, file) VALUES ('0123456789abcdef', '')",
        "INSERT INTO triage_activations (version) VALUES ('0123456789abcdef')",
    ] {
        assert!(sql.batch_execute(statement).await.is_err(), "{statement}");
    }
}

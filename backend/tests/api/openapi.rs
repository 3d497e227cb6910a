//! The `OpenAPI` document and the page to browse it.

use std::collections::BTreeSet;

use api_types::paths;
use serde_json::Value;

use crate::support::Desk;

/// `GET /tickets/{id}` and so on, as the document has them.
pub(crate) fn documented() -> BTreeSet<String> {
    let document = serde_json::to_value(backend::openapi::api()).unwrap();
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            found.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    found
}

/// The same out of the one table of routes: `resource("/tickets").get(…).post(…)`.
fn mounted() -> BTreeSet<String> {
    let source = include_str!("../../src/routes.rs");
    let api = source.split("scope(paths::API)").nth(1).unwrap();
    let api = api.split(".default_service").next().unwrap();
    let mut found = BTreeSet::new();
    for resource in api.split("resource(\"").skip(1) {
        let (path, calls) = resource.split_once('"').unwrap();
        for method in ["get", "post", "put", "patch", "delete"] {
            if calls.contains(&format!(".{method}(")) {
                found.insert(format!("{} {}{path}", method.to_uppercase(), paths::API));
            }
        }
    }
    found
}

#[test]
fn every_route_is_in_the_document_and_every_path_of_the_document_is_served() {
    let mut mounted = mounted();
    // The document does not describe itself.
    assert!(mounted.remove(&format!("GET {}", paths::OPENAPI)));
    assert_eq!(mounted, documented());
    assert!(mounted.len() >= 19);
}

#[tokio::test]
async fn the_document_is_served_and_names_every_operation_once() {
    let desk = Desk::start().await;
    let document: Value = desk.user().get(paths::OPENAPI).send().await.read(200);
    assert_eq!(document, serde_json::to_value(backend::openapi::api()).unwrap());
    let operations: Vec<&str> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    let unique: BTreeSet<_> = operations.iter().collect();
    assert_eq!(unique.len(), operations.len(), "{operations:?}");
}

#[tokio::test]
async fn every_reference_of_the_document_leads_somewhere() {
    let document = serde_json::to_value(backend::openapi::api()).unwrap();
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}

#[tokio::test]
async fn the_page_to_browse_it_needs_no_outside_host() {
    let desk = Desk::start().await;
    let page = desk.user().get("/api/docs/").send().await;
    assert_eq!(page.status, 200);
    let script = desk.user().get("/api/docs/swagger-initializer.js").send().await;
    assert!(script.text.contains(paths::OPENAPI), "{}", script.text);
    for text in [&page.text, &script.text] {
        for quoted in text.split(['"', '\'']) {
            assert!(!quoted.starts_with("http://") && !quoted.starts_with("https://"), "{quoted}");
            assert!(!quoted.starts_with("//"), "{quoted}");
        }
    }
}

//! Bad input of every sort: a problem that names what is wrong, and a desk that goes on answering.

use api_types::{ProblemKind, headers, paths};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Desk, Person};

/// Every request that carries a body, with one that is fine; the first is a report.
fn bodies(id: api_types::TicketId) -> Vec<(Method, String, Value)> {
    vec![
        (Method::POST, paths::TICKETS.into(), json!({ "description": "It drips" })),
        (Method::PATCH, paths::ticket(id), json!({ "title": "Tap" })),
        (Method::POST, paths::status(id), json!({ "to": "active" })),
        (Method::PUT, paths::category(id), json!({ "category": "it" })),
        (Method::PUT, paths::assignee(id), json!({ "assignee": null })),
        (Method::POST, paths::redact(id), json!({ "target": "title" })),
        (Method::POST, paths::messages(id), json!({ "body": "Any news?" })),
        (
            Method::POST,
            paths::BULK.into(),
            json!({ "action": { "status": { "to": "active" } }, "items": [{ "id": id, "version": 1 }] }),
        ),
        (Method::POST, paths::CLASSIFY.into(), json!({ "text": "tap" })),
        (Method::POST, paths::STAFF.into(), json!({ "name": "Ada" })),
    ]
}

struct Seen {
    desk: Desk,
    staff: Person,
    ticket: api_types::Ticket,
}

impl Seen {
    async fn start() -> Seen {
        let desk = Desk::start().await;
        let ticket = desk.report("It drips").await;
        Seen { staff: desk.staff(), ticket, desk }
    }

    /// Nothing of what was sent left a trace, and the same server still works.
    async fn still_works(&self) {
        assert_eq!(self.desk.user().find(self.ticket.id).await, self.ticket);
        let sql = self.desk.sql().await;
        for table in ["tickets", "messages", "staff"] {
            let count = format!("SELECT count(*) FROM {table}");
            let count: i64 = sql.query_one(&count, &[]).await.unwrap().get(0);
            assert_eq!(count, i64::from(table == "tickets"), "{table}");
        }
        self.desk.report("Another").await;
    }
}

#[tokio::test]
async fn texts_that_cannot_be_kept_are_named() {
    let seen = Seen::start().await;
    for (body, field) in [
        (r#"{"description": ""}"#.to_owned(), "description"),
        (r#"{"description": " \t\n\u00a0\u3000"}"#.to_owned(), "description"),
        (format!(r#"{{"description": "{}"}}"#, "x".repeat(10_001)), "description"),
        (r#"{"description": "a\u0000b"}"#.to_owned(), "description"),
        (r#"{"description": "a\u001b[31mb"}"#.to_owned(), "description"),
        (r#"{"description": "x", "title": ""}"#.to_owned(), "title"),
        (r#"{"description": "x", "title": "a\u0000"}"#.to_owned(), "title"),
        (r#"{"description": "x", "location": "a\u0000"}"#.to_owned(), "location"),
        (r#"{"description": "x", "category": "cats"}"#.to_owned(), "category"),
        (r#"{"description": 5}"#.to_owned(), "description"),
        (r#"{"description": null}"#.to_owned(), "description"),
        (r#"{"description": ["x"]}"#.to_owned(), "description"),
        (r#"{"description": {"text": "x"}}"#.to_owned(), "description"),
        (r#"{"description": "x", "title": true}"#.to_owned(), "title"),
        (r#"{"description": "x", "colour": "red"}"#.to_owned(), "colour"),
        (r#"{"description": "x", "description": "y"}"#.to_owned(), "description"),
        (r#"{"description": "x", "id": 7}"#.to_owned(), "id"),
        ("{}".to_owned(), "description"),
    ] {
        let answer = seen.staff.call(Method::POST, paths::TICKETS).raw(body).send().await;
        answer.refused_field(ProblemKind::InvalidInput, field);
    }
    seen.still_works().await;
}

#[tokio::test]
async fn what_is_no_json_is_refused_with_the_place_where_it_breaks() {
    let seen = Seen::start().await;
    let bodies: [(&[u8], &str); 13] = [
        (br#"{"description": "\ud800"}"#, "description"),
        (br#"{"description": "\udc00 x"}"#, "description"),
        (br#"{"description": "\ud800\u0041"}"#, "description"),
        (b"{\"description\": \"\xff\xfe\"}", "description"),
        (b"{\"description\": \"\xed\xa0\x80\"}", "description"),
        (b"{\"description\": \"a\0b\"}", "description"),
        (br#"{"description": "x"#, "description"),
        (br#"{"description": "x"} {}"#, "body"),
        (b"", "body"),
        (b"description=x", "body"),
        (b"\xef\xbb\xbf{\"description\": \"x\"}", "body"),
        (b"{'description': 'x'}", "body"),
        (b"\0", "body"),
    ];
    for (body, field) in bodies {
        let answer = seen.staff.call(Method::POST, paths::TICKETS).raw(body.to_vec()).send().await;
        answer.refused_field(ProblemKind::MalformedBody, field);
    }
    seen.still_works().await;
}

#[tokio::test]
async fn every_body_must_be_an_object_of_known_fields() {
    let seen = Seen::start().await;
    for (method, path, good) in bodies(seen.ticket.id) {
        for body in [json!(null), json!([]), json!("x"), json!(5), json!(["x", "y", "z", "it"])] {
            let answer = seen.staff.call(method.clone(), &path).at(1).json(body).send().await;
            answer.refused_field(ProblemKind::InvalidInput, "body");
        }
        let first = good.as_object().unwrap().keys().next().unwrap().clone();
        let answer = seen.staff.call(method.clone(), &path).at(1).json(json!({})).send().await;
        // An edit alone has no field that must be there; it is refused for changing nothing.
        if method != Method::PATCH {
            answer.refused_field(ProblemKind::InvalidInput, &first);
        }
        let mut unknown = good;
        unknown["colour"] = json!("red");
        let answer = seen.staff.call(method, &path).at(1).json(unknown).send().await;
        answer.refused_field(ProblemKind::InvalidInput, "colour");
    }
    seen.still_works().await;
}

#[tokio::test]
async fn json_nested_a_hundred_thousand_deep_is_refused() {
    let seen = Seen::start().await;
    for (method, path, good) in bodies(seen.ticket.id) {
        let field = good.as_object().unwrap().keys().next().unwrap().clone();
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let deep = open.repeat(if open == "[" { 100_000 } else { 40_000 });
            let end = close.repeat(100_000.min(deep.len() / open.len()));
            for body in [
                deep.clone(),
                format!("{deep}1{end}"),
                format!("{{\"{field}\": {deep}"),
                format!("{{\"{field}\": {deep}1{end}}}"),
                format!("{{\"unknown\": {deep}1{end}}}"),
            ] {
                let answer = seen.staff.call(method.clone(), &path).at(1).raw(body).send().await;
                assert!(matches!(answer.status, 400 | 413 | 422), "{path}: {}", answer.text);
                let kind = answer.read::<api_types::Problem>(answer.status).kind;
                let problem = answer.refused(kind);
                assert!(kind == ProblemKind::TooLarge || !problem.fields.is_empty(), "{problem}");
            }
        }
    }
    seen.still_works().await;
}

#[tokio::test]
async fn a_body_of_two_megabytes_is_refused_whether_its_length_is_told_or_not() {
    let seen = Seen::start().await;
    let text = format!(r#"{{"description": "{}"}}"#, "x".repeat(2_000_000));
    for (method, path, _) in bodies(seen.ticket.id) {
        let told = seen.staff.call(method.clone(), &path).at(1).raw(text.clone()).send().await;
        told.refused(ProblemKind::TooLarge);
        let parts: Vec<Result<_, std::io::Error>> =
            text.as_bytes().chunks(64 * 1024).map(|part| Ok(part.to_vec())).collect();
        let stream = reqwest::Body::wrap_stream(futures_util::stream::iter(parts));
        let untold = seen.staff.call(method, &path).at(1).raw(stream).send().await;
        untold.refused(ProblemKind::TooLarge);
    }
    seen.still_works().await;
}

#[tokio::test]
async fn a_body_of_another_type_is_refused_on_every_path() {
    let seen = Seen::start().await;
    for (method, path, good) in bodies(seen.ticket.id) {
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "application/jsonp",
            "",
        ] {
            let call = seen.staff.call(method.clone(), &path).at(1).raw(good.to_string());
            let call = call.header_instead("content-type", kind);
            call.send().await.refused(ProblemKind::UnsupportedMediaType);
        }
        let none = seen.staff.call(method, &path).at(1).send().await;
        none.refused(ProblemKind::UnsupportedMediaType);
    }
    let call = seen.staff.call(Method::POST, paths::CLASSIFY).raw(r#"{"text": "tap"}"#);
    let call = call.header_instead("content-type", "Application/JSON; charset=utf-8");
    assert_eq!(call.send().await.status, 200);
    seen.still_works().await;
}

#[tokio::test]
async fn an_id_that_is_none_is_named_and_one_that_is_unknown_not_found() {
    let seen = Seen::start().await;
    for id in
        ["9223372036854775808", "99999999999999999999999", "1.5", "x", "0x1", "%00", "1%2F2", "%20"]
    {
        for (method, path, body) in bodies(seen.ticket.id) {
            let Some(path) = path.strip_prefix(&paths::ticket(seen.ticket.id)) else { continue };
            let path = format!("{}/{id}{path}", paths::TICKETS);
            let answer = seen.staff.call(method, &path).at(1).json(body).send().await;
            answer.refused_field(ProblemKind::InvalidRequest, "id");
        }
        for rest in ["", "/messages", "/history"] {
            let answer = seen.staff.get(&format!("{}/{id}{rest}", paths::TICKETS)).send().await;
            answer.refused_field(ProblemKind::InvalidRequest, "id");
        }
        let answer = seen.staff.patch(&format!("{}/{id}", paths::STAFF), json!({})).send().await;
        answer.refused_field(ProblemKind::InvalidRequest, "id");
    }
    for id in ["0", "-1", "9223372036854775807", "-9223372036854775808"] {
        for rest in ["", "/messages", "/history"] {
            let answer = seen.staff.get(&format!("{}/{id}{rest}", paths::TICKETS)).send().await;
            answer.refused(ProblemKind::NotFound);
        }
    }
    seen.still_works().await;
}

#[tokio::test]
async fn headers_that_cannot_be_read_are_named() {
    let seen = Seen::start().await;
    let body = json!({ "description": "It drips" });
    for (header, shown, value) in [
        (headers::DESK_ROLE, "Desk-Role", "admin"),
        (headers::DESK_CLIENT, "Desk-Client", "me"),
        (headers::DESK_CLIENT, "Desk-Client", ""),
        (headers::DESK_NAME, "Desk-Name", "%ff"),
        (headers::DESK_NAME, "Desk-Name", "%00"),
        (headers::DESK_NAME, "Desk-Name", &"n".repeat(81)),
        (headers::IDEMPOTENCY_KEY, "Idempotency-Key", "1"),
        (headers::IDEMPOTENCY_KEY, "Idempotency-Key", ""),
    ] {
        let call = seen.staff.bare(Method::POST, paths::TICKETS).json(body.clone());
        let answer = call.header(header, value).send().await;
        answer.refused_field(ProblemKind::InvalidRequest, shown);
    }
    let latin1 = seen.staff.bare(Method::POST, paths::TICKETS).json(body.clone());
    let latin1 = latin1.header_bytes(headers::DESK_NAME, b"Zo\xeb").send().await;
    latin1.refused_field(ProblemKind::InvalidRequest, "Desk-Name");
    let twice = seen.staff.bare(Method::POST, paths::TICKETS).json(body);
    let twice = twice.key(uuid::Uuid::new_v4()).key(uuid::Uuid::new_v4()).send().await;
    twice.refused_field(ProblemKind::InvalidRequest, "Idempotency-Key");
    seen.still_works().await;
}

#[tokio::test]
async fn forged_positions_in_the_feed_are_refused_by_name() {
    let seen = Seen::start().await;
    for (query, parameter) in [
        ("after=", "after"),
        ("after=x", "after"),
        ("after=1.2.3", "after"),
        ("after=1.2.3.4.5.6.7.8", "after"),
        ("after=99999999999999999999.1.1.1.1.1", "after"),
        ("limit=0", "limit"),
        ("limit=10001", "limit"),
        ("limit=-5", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("since=yesterday", "since"),
    ] {
        let answer = seen.staff.get(&format!("{}?{query}", paths::CHANGES)).send().await;
        answer.refused_field(ProblemKind::InvalidRequest, parameter);
    }
    seen.still_works().await;
}

#[tokio::test]
async fn an_unknown_path_is_not_found_and_a_wrong_method_names_those_that_fit() {
    let seen = Seen::start().await;
    let unknown = [
        "/api/v1",
        "/api/v1/",
        "/api/v1/ticket",
        "/api/v1/tickets/1/colour",
        "/api/v1/tickets/",
        "/api/v2/tickets",
        "/api/v1/tickets/1/messages/1",
        "/health/nope",
        "/api/nope",
    ];
    for path in unknown {
        seen.staff.get(path).send().await.refused(ProblemKind::NotFound);
    }
    for path in ["/api/v1/nope", "/nope", "/", "/api/v2/tickets"] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let answer = seen.staff.call(method, path).json(json!({})).send().await;
            assert!(
                matches!(answer.status, 404 | 405),
                "{path}: {} {}",
                answer.status,
                answer.text
            );
            answer.refused(answer.read::<api_types::Problem>(answer.status).kind);
        }
    }
    for (method, path, allowed) in [
        (Method::DELETE, paths::TICKETS.to_owned(), "GET, POST"),
        (Method::DELETE, paths::ticket(seen.ticket.id), "GET, PATCH"),
        (Method::PUT, paths::ticket(seen.ticket.id), "GET, PATCH"),
        (Method::GET, paths::status(seen.ticket.id), "POST"),
        (Method::PATCH, paths::CHANGES.to_owned(), "GET"),
        (Method::from_bytes(b"BREW").unwrap(), paths::STAFF.to_owned(), "GET, POST"),
    ] {
        let answer = seen.staff.call(method, &path).json(json!({})).send().await;
        answer.refused(ProblemKind::MethodNotAllowed);
        assert_eq!(answer.header("allow"), Some(allowed), "{path}");
    }
    seen.still_works().await;
}

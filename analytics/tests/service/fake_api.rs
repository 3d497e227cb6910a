//! A server that speaks the change feed of the ticket API, and fails on demand.

use std::{
    collections::BTreeMap,
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex},
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::ServerHandle,
    web::{Bytes, Data, Query, get},
};
use api_types::{Problem, ProblemKind, headers, paths};
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};

/// What goes wrong with the next page that holds tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The connection breaks in the middle of the body.
    Broken,
    /// The answer ends well for HTTP, but the JSON in it stops half-way.
    HalfJson,
}

/// The tickets in the order of their last change, and the mood of the server.
#[derive(Debug, Default)]
struct Desk {
    log: BTreeMap<u64, Value>,
    position: u64,
    epoch: u32,
    fault: Option<Fault>,
    closed_for_newcomers: bool,
    horizon_age: f64,
}

/// The server. It stops when it is told to.
pub(crate) struct FakeApi {
    desk: Arc<Mutex<Desk>>,
    address: SocketAddr,
    handle: ServerHandle,
}

impl FakeApi {
    pub(crate) fn start() -> Self {
        let desk = Arc::default();
        let (address, handle) = serve(&desk, "127.0.0.1:0".parse().unwrap());
        Self { desk, address, handle }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Goes away; connections are refused from now on.
    pub(crate) async fn stop(&self) {
        self.handle.stop(false).await;
    }

    /// Comes back at the same address.
    pub(crate) fn start_again(&mut self) {
        (_, self.handle) = serve(&self.desk, self.address);
    }

    /// Changes a ticket, or reports it.
    pub(crate) fn put(&self, ticket: Value) {
        let mut desk = self.desk.lock().unwrap();
        desk.log.retain(|_, other| other["id"] != ticket["id"]);
        desk.position += 1;
        let position = desk.position;
        desk.log.insert(position, ticket);
    }

    pub(crate) fn fail_once(&self, fault: Fault) {
        self.desk.lock().unwrap().fault = Some(fault);
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.desk.lock().unwrap().fault.is_none()
    }

    /// Becomes another desk without tickets, as a restored backup does: no position of before is good any more.
    pub(crate) fn forget_everything(&self) {
        let mut desk = self.desk.lock().unwrap();
        desk.log.clear();
        desk.epoch += 1;
    }

    /// Whether whoever asks from the beginning is sent away with 503.
    pub(crate) fn close_for_newcomers(&self, closed: bool) {
        self.desk.lock().unwrap().closed_for_newcomers = closed;
    }

    pub(crate) fn hold_back(&self, seconds: f64) {
        self.desk.lock().unwrap().horizon_age = seconds;
    }
}

/// A ticket as it stands in the feed, with fields that nobody here reads.
pub(crate) fn ticket(id: i64, status: &str, category: &str, opened_at: &str) -> Value {
    let closed_at = (status == "closed").then(|| opened_at.replace("T00", "T06"));
    json!({
        "id": id, "title": "A lamp", "description": "It \"flickers\".\n", "status": status,
        "category": category, "category_by": "automatic", "opened_at": opened_at, "closed_at": closed_at,
        "activated_at": null, "merged_into": null, "assignee": {"id": 1, "name": "Ada"}, "version": 1,
    })
}

fn serve(desk: &Arc<Mutex<Desk>>, address: SocketAddr) -> (SocketAddr, ServerHandle) {
    let listener = TcpListener::bind(address).unwrap();
    let address = listener.local_addr().unwrap();
    let desk = Data::new(Arc::clone(desk));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(desk.clone())
            .route(paths::CHANGES, get().to(list_changes))
            .route(paths::SEARCHES, get().to(nothing_counted))
            .route(paths::REPORT_OUTCOMES, get().to(nothing_counted))
    })
    .workers(1)
    .disable_signals()
    .listen(listener)
    .unwrap()
    .run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    (address, handle)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeedQuery {
    after: Option<String>,
    limit: usize,
}

async fn list_changes(
    request: HttpRequest,
    desk: Data<Arc<Mutex<Desk>>>,
    query: Query<FeedQuery>,
) -> HttpResponse {
    let role = request.headers().get(headers::DESK_ROLE).map(|role| role.as_bytes());
    assert_eq!(role, Some(&b"staff"[..]), "the feed is for staff");
    assert!((1..=10_000).contains(&query.limit));
    let mut desk = desk.lock().unwrap();
    let after = match &query.after {
        None if desk.closed_for_newcomers => return problem(ProblemKind::Unavailable),
        None => 0,
        Some(cursor) => match cursor.split_once('+') {
            Some((epoch, position)) if epoch == desk.epoch.to_string() => position.parse().unwrap(),
            _ => return problem(ProblemKind::Resync),
        },
    };
    let page: Vec<_> = desk.log.range(after + 1..).take(query.limit).collect();
    let last = page.last().map_or(after, |(position, _)| **position);
    let items: Vec<_> = page.into_iter().map(|(_, ticket)| ticket).collect();
    // The plus sign shows whether the cursor comes back as it was given.
    let body = json!({"items": items, "next": format!("{}+{last}", desk.epoch)}).to_string();
    let half = Bytes::copy_from_slice(&body.as_bytes()[..body.len() / 2]);
    let fault = if items.is_empty() { None } else { desk.fault.take() };

    let mut response = HttpResponse::Ok();
    response.content_type("application/json");
    response.insert_header((headers::FEED_HORIZON_AGE, desk.horizon_age.to_string()));
    match fault {
        None => response.body(body),
        Some(Fault::HalfJson) => response.body(half),
        Some(Fault::Broken) => response.streaming(stream::iter([
            Ok(half),
            Err(std::io::Error::other("the cable was pulled")),
        ])),
    }
}

async fn nothing_counted() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "items": [], "next": null }))
}

fn problem(kind: ProblemKind) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(kind.status()).unwrap();
    HttpResponse::build(status)
        .content_type("application/problem+json")
        .json(Problem::new(kind, "As asked by the test."))
}

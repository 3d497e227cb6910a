//! A desk of its own for each test: a database, a server on a free port, and the people who use it.

use std::net::TcpListener;

use api_types::{
    Article, Problem, ProblemKind, Role, SearchResult, Status, Ticket, TicketId, headers, paths,
};
use backend::{
    app::App,
    config::{HttpArgs, RateLimitArgs, Switch},
    db,
};
use reqwest::{
    Method, RequestBuilder,
    header::{HeaderMap, HeaderName},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use test_support::TestDatabase;
use tokio_postgres::Client as Sql;
use uuid::Uuid;

/// Connections of one server; many tests share one PostgreSQL.
const CONNECTIONS: usize = 4;
/// What changes of the service itself need.
pub(crate) const SERVICE_TOKEN: &str = "a token for tests";

/// A running ticket API on a database of its own. It stops when dropped.
pub(crate) struct Desk {
    pub(crate) database: TestDatabase,
    pub(crate) server: Server,
}

impl Desk {
    /// An empty desk without rate limits.
    pub(crate) async fn start() -> Desk {
        Desk::start_with(limits(Switch::Off, 1, 1)).await
    }

    /// An empty desk that allows a browser and an address so many creating requests at once.
    pub(crate) async fn start_limited(per_client: u32, per_ip: u32) -> Desk {
        Desk::start_with(limits(Switch::On, per_client, per_ip)).await
    }

    async fn start_with(rate: RateLimitArgs) -> Desk {
        let database = TestDatabase::new().await;
        let server = Server::start(database.url(), &rate);
        Desk { database, server }
    }

    /// Where it answers.
    pub(crate) fn url(&self) -> &str {
        &self.server.url
    }

    /// Another process on another database, in place of this one.
    pub(crate) fn server_on(database_url: &str) -> Server {
        Server::start(database_url, &limits(Switch::Off, 1, 1))
    }

    /// A user in a browser of their own.
    pub(crate) fn user(&self) -> Person {
        self.server.person(Role::User)
    }

    /// A staff member in a browser of their own.
    pub(crate) fn staff(&self) -> Person {
        self.server.person(Role::Staff)
    }

    /// A plain connection to the database.
    pub(crate) async fn sql(&self) -> Sql {
        self.database.connect().await
    }

    /// A ticket that some user reported.
    pub(crate) async fn report(&self, description: &str) -> Ticket {
        self.user().report(json!({ "description": description })).await
    }

    /// A ticket that was reported, taken and closed.
    pub(crate) async fn closed(&self, description: &str) -> Ticket {
        let ticket = self.report(description).await;
        self.staff().close(&ticket, "Done.").await
    }
}

fn limits(rate_limits: Switch, per_client: u32, per_ip: u32) -> RateLimitArgs {
    let number = |n| std::num::NonZeroU32::new(n).unwrap();
    RateLimitArgs { rate_limits, rate_per_client: number(per_client), rate_per_ip: number(per_ip) }
}

/// One process of the desk, on threads of its own so that it outlives no test.
pub(crate) struct Server {
    pub(crate) url: String,
    handle: actix_web::dev::ServerHandle,
}

impl Server {
    fn start(database_url: &str, rate: &RateLimitArgs) -> Server {
        let http = HttpArgs {
            bind: String::new(),
            // A port that nobody listens on: analytics is away.
            analytics_url: "http://127.0.0.1:9".to_owned(),
            trusted_proxy: false,
            workers: None,
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = App::new(db::Pool::new(database_url.to_owned(), CONNECTIONS), &http, rate)
            .with_service_token(Some(SERVICE_TOKEN.to_owned()));
        let listen_url = database_url.to_owned();
        let (send, receive) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let server = backend::serve::start(listener, app, &listen_url, 1).unwrap();
                send.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        Server { url, handle: receive.recv().unwrap() }
    }

    /// Somebody in a browser of their own.
    pub(crate) fn person(&self, role: Role) -> Person {
        Person {
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            url: self.url.clone(),
            role,
            browser: Uuid::new_v4(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The order is given at once; nobody waits for it to be carried out.
        drop(self.handle.stop(false));
    }
}

/// Somebody who uses the desk: a role and a browser.
#[derive(Clone)]
pub(crate) struct Person {
    http: reqwest::Client,
    url: String,
    role: Role,
    pub(crate) browser: Uuid,
}

impl Person {
    /// The same browser in another role.
    pub(crate) fn acting_as(&self, role: Role) -> Person {
        Person { role, ..self.clone() }
    }

    /// The same person with a client that shows where it is sent on to.
    pub(crate) fn without_redirects(&self) -> Person {
        let client = reqwest::Client::builder().no_proxy();
        let http = client.redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Person { http, ..self.clone() }
    }

    /// A request without any header of ours.
    pub(crate) fn bare(&self, method: Method, path: &str) -> Call {
        Call(self.http.request(method, format!("{}{path}", self.url)))
    }

    pub(crate) fn call(&self, method: Method, path: &str) -> Call {
        self.bare(method, path)
            .header(headers::DESK_ROLE, self.role.as_str())
            .header(headers::DESK_CLIENT, &self.browser.to_string())
    }

    pub(crate) fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Call {
        self.call(Method::POST, path).json(body)
    }

    pub(crate) fn put(&self, path: &str, body: Value) -> Call {
        self.call(Method::PUT, path).json(body)
    }

    pub(crate) fn patch(&self, path: &str, body: Value) -> Call {
        self.call(Method::PATCH, path).json(body)
    }

    pub(crate) fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, path)
    }

    /// Asks for tickets and articles; `rest` are further parameters, each behind a `&`.
    pub(crate) fn ask(&self, q: &str, rest: &str) -> Call {
        let q: String = form_urlencoded::byte_serialize(q.as_bytes()).collect();
        self.get(&format!("{}?q={q}{rest}", paths::SEARCH))
    }

    /// What is found by some words.
    pub(crate) async fn search(&self, q: &str) -> SearchResult {
        self.ask(q, "").send().await.read(200)
    }

    /// Writes an article that everyone may read.
    pub(crate) async fn publish(&self, title: &str, body: &str) -> Article {
        let article = json!({ "title": title, "body": body, "category": "it", "published": true });
        self.post(paths::ARTICLES, article).send().await.read(201)
    }

    /// Merges a ticket into another; answers the one that stays.
    pub(crate) async fn merge(&self, id: TicketId, into: TicketId) -> Ticket {
        self.post(&paths::merge(id), json!({ "into": into })).send().await.read(200)
    }

    /// Takes a merge back; answers the ticket that is on its own again.
    pub(crate) async fn unmerge(&self, id: TicketId) -> Ticket {
        self.delete(&paths::merge(id)).send().await.read(200)
    }

    /// Says "me too".
    pub(crate) async fn join(&self, id: TicketId) -> Ticket {
        self.call(Method::POST, &paths::affected(id)).send().await.read(200)
    }

    /// Takes that back.
    pub(crate) async fn leave(&self, id: TicketId) -> Ticket {
        self.delete(&paths::affected(id)).send().await.read(200)
    }

    /// Reports a problem.
    pub(crate) async fn report(&self, body: Value) -> Ticket {
        self.post(paths::TICKETS, body).send().await.read(201)
    }

    /// The ticket as this person sees it.
    pub(crate) async fn find(&self, id: TicketId) -> Ticket {
        self.get(&paths::ticket(id)).send().await.read(200)
    }

    /// Moves a ticket one step.
    pub(crate) async fn step(&self, ticket: &Ticket, body: Value) -> Ticket {
        self.post(&paths::status(ticket.id), body).at(ticket.version).send().await.read(200)
    }

    /// Takes an open ticket and closes it.
    pub(crate) async fn close(&self, ticket: &Ticket, resolution: &str) -> Ticket {
        let active = self.step(ticket, json!({ "to": "active" })).await;
        let body = json!({ "to": Status::Closed, "resolution": resolution });
        self.step(&active, body).await
    }

    /// Edits a ticket.
    pub(crate) async fn edit(&self, ticket: &Ticket, body: Value) -> Ticket {
        self.patch(&paths::ticket(ticket.id), body).at(ticket.version).send().await.read(200)
    }

    /// Writes under a ticket.
    pub(crate) async fn write(&self, id: TicketId, body: Value) -> api_types::Message {
        self.post(&paths::messages(id), body).send().await.read(201)
    }

    /// What history says of a ticket: (what, from, to).
    pub(crate) async fn history(
        &self,
        id: TicketId,
    ) -> Vec<(String, Option<String>, Option<String>)> {
        let page: api_types::Page<api_types::Event> =
            self.get(&paths::history(id)).send().await.read(200);
        page.items.into_iter().map(|e| (e.what.as_str().to_owned(), e.from, e.to)).collect()
    }
}

/// A request in the making.
pub(crate) struct Call(RequestBuilder);

impl Call {
    pub(crate) fn json(self, body: Value) -> Call {
        Call(self.0.json(&body))
    }

    /// A body as it is, declared as JSON.
    pub(crate) fn raw(self, body: impl Into<reqwest::Body>) -> Call {
        Call(self.0.header("content-type", "application/json").body(body))
    }

    /// A write to a ticket seen at this version.
    pub(crate) fn at(self, version: i64) -> Call {
        self.header("if-match", &format!("\"{version}\""))
    }

    pub(crate) fn key(self, key: Uuid) -> Call {
        self.header(headers::IDEMPOTENCY_KEY, &key.to_string())
    }

    pub(crate) fn header(self, name: &str, value: &str) -> Call {
        Call(self.0.header(name, value))
    }

    pub(crate) fn header_bytes(self, name: &str, value: &[u8]) -> Call {
        Call(self.0.header(name, value))
    }

    /// In place of what the header said.
    pub(crate) fn header_instead(self, name: &'static str, value: &str) -> Call {
        let value = value.parse().unwrap();
        Call(self.0.headers(HeaderMap::from_iter([(HeaderName::from_static(name), value)])))
    }

    pub(crate) async fn send(self) -> Answer {
        let response = self.0.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, text: response.text().await.unwrap() }
    }
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The body of an answer with this status.
    #[track_caller]
    pub(crate) fn read<T: DeserializeOwned>(&self, status: u16) -> T {
        assert_eq!(self.status, status, "{}", self.text);
        serde_json::from_str(&self.text).unwrap()
    }

    /// The problem of an answer that must be one of this kind, in the whole documented shape.
    #[track_caller]
    pub(crate) fn refused(&self, kind: ProblemKind) -> Problem {
        let problem: Problem = self.read(kind.status());
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(problem.kind, kind, "{}", self.text);
        assert_eq!(problem.type_uri, format!("urn:campusdesk:problem:{}", kind.as_str()));
        assert_eq!(problem.status, self.status);
        assert!(problem.request_id.is_some(), "{}", self.text);
        assert_eq!(problem.request_id.as_deref(), self.header(headers::REQUEST_ID));
        problem
    }

    /// As [`Answer::refused`], naming this field.
    #[track_caller]
    pub(crate) fn refused_field(&self, kind: ProblemKind, field: &str) -> Problem {
        let problem = self.refused(kind);
        let named: Vec<&str> =
            problem.fields.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(named, [field], "{}", self.text);
        problem
    }
}

/// Waits for something that other processes decide; the limit only ends a test that would hang.
pub(crate) async fn wait_until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let begun = std::time::Instant::now();
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(10));
    while !is_so().await {
        assert!(begun.elapsed().as_secs() < 60, "{what} did not come");
        ticks.tick().await;
    }
}

//! A desk of its own for each test: a database, a server on a free port, and the people who use it.

mod calls;

use std::{net::TcpListener, sync::Arc};

use api_types::{
    Article, Image, ImageId, Page, Role, SearchResult, Status, Ticket, TicketId, headers, paths,
};
use backend::{
    app::App,
    config::{HttpArgs, PhotoArgs, RateLimitArgs, Switch, Vision},
    db,
    photos::Photos,
};
use reqwest::Method;
use serde_json::{Value, json};
use test_support::TestDatabase;
use tokio_postgres::Client as Sql;
use uuid::Uuid;

pub(crate) use calls::{Answer, Call};

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

    /// An empty desk whose photos somebody labels.
    pub(crate) async fn start_labelled(photos: PhotoArgs) -> Desk {
        let database = TestDatabase::new().await;
        let server = Server::start(database.url(), &limits(Switch::Off, 1, 1), &photos);
        Desk { database, server }
    }

    /// Another process on this one's database and folder.
    pub(crate) fn another(&self, photos: &PhotoArgs) -> Server {
        let (off, folder) = (limits(Switch::Off, 1, 1), Arc::clone(&self.server.folder));
        Server::start_in(folder, self.database.url(), &off, photos, false)
    }

    /// Another process on this one's database and folder, behind a proxy that is trusted.
    pub(crate) fn another_behind_a_proxy(&self) -> Server {
        let (off, folder) = (limits(Switch::Off, 1, 1), Arc::clone(&self.server.folder));
        Server::start_in(folder, self.database.url(), &off, &photo_args(), true)
    }

    /// Another desk that keeps its photos in the same folder.
    pub(crate) async fn neighbour(&self) -> Desk {
        let database = TestDatabase::new().await;
        // Databases of tests are copies of one, whose id they share.
        let id = "UPDATE desk SET id = gen_random_uuid()";
        database.connect().await.batch_execute(id).await.unwrap();
        let (off, folder) = (limits(Switch::Off, 1, 1), Arc::clone(&self.server.folder));
        let server = Server::start_in(folder, database.url(), &off, &photo_args(), false);
        Desk { database, server }
    }

    async fn start_with(rate: RateLimitArgs) -> Desk {
        let database = TestDatabase::new().await;
        let server = Server::start(database.url(), &rate, &photo_args());
        Desk { database, server }
    }

    /// Where it answers.
    pub(crate) fn url(&self) -> &str {
        &self.server.url
    }

    /// Another process on another database, in place of this one.
    pub(crate) fn server_on(database_url: &str) -> Server {
        Server::start(database_url, &limits(Switch::Off, 1, 1), &photo_args())
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

/// Photos that nobody labels.
pub(crate) fn photo_args() -> PhotoArgs {
    PhotoArgs {
        photos_url: None,
        vision: Vision::Off,
        vision_timeout_seconds: std::num::NonZeroU32::new(2).unwrap(),
        google_vision_key: None,
        google_vision_url: String::new(),
        rekognition_url: None,
        onnx_model: None,
        onnx_labels: None,
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
    /// Where its photos are.
    pub(crate) folder: Arc<tempfile::TempDir>,
}

impl Server {
    fn start(database_url: &str, rate: &RateLimitArgs, photos: &PhotoArgs) -> Server {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Server::start_in(folder, database_url, rate, photos, false)
    }

    fn start_in(
        folder: Arc<tempfile::TempDir>,
        database_url: &str,
        rate: &RateLimitArgs,
        photos: &PhotoArgs,
        trusted_proxy: bool,
    ) -> Server {
        let http = HttpArgs {
            bind: String::new(),
            // A port that nobody listens on: analytics is away.
            analytics_url: "http://127.0.0.1:9".to_owned(),
            trusted_proxy,
            workers: None,
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = App::new(db::Pool::new(database_url.to_owned(), CONNECTIONS), &http, rate)
            .with_service_token(Some(SERVICE_TOKEN.to_owned()));
        let photos = Photos::open(photos, folder.path().to_str().unwrap()).unwrap();
        // This program is a test, and cannot decode.
        let app =
            app.with_photos(photos.decoded_by(env!("CARGO_BIN_EXE_campusdesk-backend").into()));
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
        Server { url, handle: receive.recv().unwrap(), folder }
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

    /// Uploads a photo to a path.
    pub(crate) fn upload(&self, path: &str, photo: Vec<u8>) -> Call {
        let part = reqwest::multipart::Part::bytes(photo).file_name("photo.jpg");
        self.form(path, reqwest::multipart::Form::new().part("image", part))
    }

    /// Sends a form to a path.
    pub(crate) fn form(&self, path: &str, form: reqwest::multipart::Form) -> Call {
        self.call(Method::POST, path).multipart(form)
    }

    /// Uploads a photo for a report that is still being written.
    pub(crate) async fn prepare(&self, photo: Vec<u8>) -> Image {
        self.upload(paths::IMAGES, photo).send().await.read(201)
    }

    /// Adds a photo to a ticket.
    pub(crate) async fn attach(&self, id: TicketId, photo: Vec<u8>) -> Image {
        self.upload(&paths::ticket_images(id), photo).send().await.read(201)
    }

    /// The photos of a ticket.
    pub(crate) async fn photos(&self, id: TicketId) -> Vec<Image> {
        self.get(&paths::ticket_images(id)).send().await.read::<Page<Image>>(200).items
    }

    /// One photo with what is on it, as its ticket lists it.
    pub(crate) async fn photo(&self, ticket: TicketId, id: ImageId) -> Image {
        self.photos(ticket).await.into_iter().find(|image| image.id == id).unwrap()
    }

    /// Says what is on a photo.
    pub(crate) async fn label(&self, id: ImageId, label: &str, confirmed: bool) -> Image {
        let body = json!({ "label": label, "confirmed": confirmed });
        self.put(&paths::image_labels(id), body).send().await.read(200)
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

/// Waits for something that other processes decide; the limit only ends a test that would hang.
pub(crate) async fn wait_until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let begun = std::time::Instant::now();
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(10));
    while !is_so().await {
        assert!(begun.elapsed().as_secs() < 60, "{what} did not come");
        ticks.tick().await;
    }
}

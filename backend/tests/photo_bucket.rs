//! The real program with its photos in a bucket that speaks S3.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[expect(dead_code, reason = "other tests need the rest of it")]
mod pictures;

use std::{
    collections::BTreeMap,
    net::TcpListener,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use api_types::{Image, RedactTarget, Redaction, Ticket, headers, paths};
use serde_json::json;
use test_support::TestDatabase;

/// Objects by bucket and key.
type Objects = Arc<Mutex<BTreeMap<String, web::Bytes>>>;

/// What S3 does with one object or with a whole bucket, as far as the desk asks for it.
///
/// # Source
/// Amazon S3 API reference: `PutObject`, `GetObject`, `DeleteObjects`, `ListObjectsV2`.
async fn answer(
    request: HttpRequest,
    body: web::Bytes,
    objects: web::Data<Objects>,
) -> HttpResponse {
    let key = request.path().trim_start_matches('/').to_owned();
    assert!(request.headers().contains_key("authorization"), "a request that is not signed");
    let mut objects = objects.lock().unwrap();
    match request.method().as_str() {
        "PUT" => {
            objects.insert(key, body);
            HttpResponse::Ok().insert_header(("etag", "\"1\"")).finish()
        }
        "GET" if request.query_string().contains("list-type=2") => HttpResponse::Ok()
            .body("<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"),
        "GET" => match objects.get(&key) {
            Some(object) => HttpResponse::Ok()
                .insert_header(("etag", "\"1\""))
                .insert_header(("last-modified", "Fri, 27 Nov 2026 10:00:00 GMT"))
                .body(object.clone()),
            None => HttpResponse::NotFound().finish(),
        },
        "POST" => {
            let text = String::from_utf8(body.to_vec()).unwrap();
            let keys = text.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next());
            let gone: Vec<_> = keys.collect();
            for gone in &gone {
                objects.remove(&format!("{key}/{gone}"));
            }
            let said = gone.iter().map(|key| format!("<Deleted><Key>{key}</Key></Deleted>"));
            let said: String = said.collect();
            HttpResponse::Ok().body(format!("<DeleteResult>{said}</DeleteResult>"))
        }
        other => panic!("nobody asks for {other}"),
    }
}

/// A bucket called `desk` on a port of its own.
fn start_bucket() -> (String, Objects) {
    let objects = Objects::default();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let kept = web::Data::new(Arc::clone(&objects));
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let app = move || App::new().app_data(kept.clone()).default_service(web::to(answer));
            HttpServer::new(app).workers(1).listen(listener).unwrap().run().await.unwrap();
        });
    });
    (url, objects)
}

struct Desk(Child);

impl Drop for Desk {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

async fn start_desk(database: &TestDatabase, bucket: &str) -> (Desk, String) {
    let bind = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let child = Command::new(env!("CARGO_BIN_EXE_campusdesk-backend"))
        .arg("serve")
        .env("DATABASE_URL", database.url())
        .env("CAMPUSDESK_BIND", &bind)
        .env("CAMPUSDESK_PHOTOS_URL", "s3://desk/photos/of-the-desk")
        .env("CAMPUSDESK_VISION", "off")
        .env("AWS_ENDPOINT", bucket)
        .env("AWS_ALLOW_HTTP", "true")
        .env("AWS_REGION", "eu-central-1")
        .env("AWS_ACCESS_KEY_ID", "id")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let url = format!("http://{bind}");
    let deadline = Instant::now() + Duration::from_secs(60);
    let ready = format!("{url}{}", paths::HEALTH_READY);
    while !reqwest::get(&ready).await.is_ok_and(|answer| answer.status().is_success()) {
        assert!(Instant::now() < deadline, "the desk does not become ready");
        tokio::task::yield_now().await;
    }
    (Desk(child), url)
}

#[tokio::test]
async fn photos_lie_in_a_bucket_until_they_are_redacted() {
    let (bucket, objects) = start_bucket();
    let database = TestDatabase::new().await;
    let (_desk, url) = start_desk(&database, &bucket).await;
    let http = reqwest::Client::new();
    let browser = uuid::Uuid::new_v4().to_string();

    let part = reqwest::multipart::Part::bytes(pictures::photo(1)).file_name("photo.jpg");
    let call = http.post(format!("{url}{}", paths::IMAGES)).header(headers::DESK_CLIENT, &browser);
    let call = call.multipart(reqwest::multipart::Form::new().part("image", part));
    let photo: Image = call.send().await.unwrap().json().await.unwrap();
    let kept: Vec<String> = objects.lock().unwrap().keys().cloned().collect();
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(kept.iter().all(|key| key.starts_with("desk/photos/of-the-desk/")), "{kept:?}");

    let call = http.post(format!("{url}{}", paths::TICKETS)).header(headers::DESK_CLIENT, &browser);
    let body = json!({ "description": "It leaks", "images": [photo.id] });
    let ticket: Ticket = call.json(&body).send().await.unwrap().json().await.unwrap();
    let shown = http.get(format!("{url}{}", paths::image(photo.id))).send().await.unwrap();
    assert_eq!(shown.status(), 200);
    assert!(shown.bytes().await.unwrap().starts_with(b"RIFF"));

    let call = http.post(format!("{url}{}", paths::redact(ticket.id)));
    let redaction = Redaction { target: RedactTarget::Image(photo.id) };
    let answer = call.header(headers::DESK_ROLE, "staff").json(&redaction).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(objects.lock().unwrap().is_empty());
}

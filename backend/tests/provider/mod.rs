//! Google Cloud Vision as far as a test needs it: it answers as it is told, and counts what it was asked.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// How a request is answered.
#[derive(Debug, Clone)]
pub(crate) enum Mood {
    /// With these labels.
    Says(Vec<(String, f32)>),
    /// With these labels, but only once [`Provider::release`] is called.
    Holds(Vec<(String, f32)>),
    /// With 429, and perhaps when to come back.
    IsBusy(Option<u32>),
    /// That this photo cannot be read.
    Refuses,
    /// With an answer that breaks off.
    BreaksOff,
    /// Not at all: the connection is closed.
    IsDown,
}

impl Mood {
    pub(crate) fn says(labels: &[(&str, f32)]) -> Mood {
        Mood::Says(labels.iter().map(|(label, score)| ((*label).to_owned(), *score)).collect())
    }

    pub(crate) fn holds(labels: &[(&str, f32)]) -> Mood {
        Mood::Holds(labels.iter().map(|(label, score)| ((*label).to_owned(), *score)).collect())
    }
}

/// A running provider. It ends with the test.
#[derive(Clone)]
pub(crate) struct Provider {
    pub(crate) url: String,
    mood: Arc<Mutex<Mood>>,
    asked: Arc<AtomicUsize>,
    released: Arc<Notify>,
}

impl Provider {
    pub(crate) async fn start(mood: Mood) -> Provider {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = Provider {
            url: format!("http://{}", listener.local_addr().unwrap()),
            mood: Arc::new(Mutex::new(mood)),
            asked: Arc::default(),
            released: Arc::default(),
        };
        let answering = provider.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(answering.clone().answer(stream));
            }
        });
        provider
    }

    pub(crate) fn turn(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// How many photos it was asked about.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Acquire)
    }

    /// Lets every answer go that is held.
    pub(crate) fn release(&self) {
        self.released.notify_waiters();
    }

    async fn answer(self, mut stream: TcpStream) {
        let released = self.released.notified();
        // Whoever breaks off is none of the provider's business.
        if read_request(&mut stream).await.is_none() {
            return;
        }
        self.asked.fetch_add(1, Ordering::AcqRel);
        let mood = self.mood.lock().unwrap().clone();
        let answer = match mood {
            Mood::Says(labels) => whole("200 OK", "", &annotate(&labels)),
            Mood::Holds(labels) => {
                released.await;
                whole("200 OK", "", &annotate(&labels))
            }
            Mood::IsBusy(seconds) => {
                let header = seconds.map(|seconds| format!("retry-after: {seconds}\r\n"));
                let body = json!({ "error": { "code": 429, "status": "RESOURCE_EXHAUSTED" } });
                whole("429 Too Many Requests", &header.unwrap_or_default(), &body.to_string())
            }
            Mood::Refuses => {
                let error = json!({ "code": 3, "message": "Bad image data." });
                whole("200 OK", "", &json!({ "responses": [{ "error": error }] }).to_string())
            }
            Mood::BreaksOff => {
                let body = annotate(&[("tap".to_owned(), 0.9)]);
                let answer = whole("200 OK", "", &body);
                answer[..answer.len() - 20].to_owned()
            }
            Mood::IsDown => return,
        };
        drop(stream.write_all(answer.as_bytes()).await);
    }
}

/// What is said of one photo.
///
/// # Source  <https://cloud.google.com/vision/docs/reference/rest/v1/AnnotateImageResponse>
fn annotate(labels: &[(String, f32)]) -> String {
    let one = |(label, score): &(String, f32)| json!({ "mid": "/m/0", "description": label, "score": score, "topicality": score });
    let labels: Vec<_> = labels.iter().map(one).collect();
    json!({ "responses": [{ "labelAnnotations": labels }] }).to_string()
}

fn whole(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{headers}connection: close\r\n\r\n{body}"
    )
}

/// Reads a request to its end; nothing if it breaks off or is none for labels.
async fn read_request(stream: &mut TcpStream) -> Option<()> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase();
    assert!(head.starts_with("post /v1/images:annotate "), "{head}");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let missing: usize = length.parse::<usize>().unwrap() + end + 4 - bytes.len();
    let mut body = vec![0; missing];
    stream.read_exact(&mut body).await.ok()?;
    let body: serde_json::Value =
        serde_json::from_slice(&[&bytes[end + 4..], &body].concat()).unwrap();
    let asked = &body["requests"][0];
    assert!(asked["image"]["content"].as_str().unwrap().starts_with("UklGR"), "it is a WebP");
    assert_eq!(asked["features"][0]["type"], "LABEL_DETECTION");
    Some(())
}

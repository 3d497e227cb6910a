//! Google Cloud Vision: the photo is sent to it, and its labels come back in English.
//!
//! # Source
//! <https://cloud.google.com/vision/docs/reference/rest/v1/images/annotate> for request and answer,
//! <https://cloud.google.com/vision/docs/reference/rest/v1/AnnotateImageResponse> for what is said of one photo,
//! <https://cloud.google.com/apis/design/errors> for errors, and
//! <https://cloud.google.com/docs/authentication/api-keys-use> for the key. WebP is taken as it is:
//! <https://cloud.google.com/vision/docs/supported-files>.

use api_types::LabelSource;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use futures_util::{FutureExt as _, future::BoxFuture};
use reqwest::{Client, Request, StatusCode, Url, header::HeaderValue};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Failure, Labeller, MOST_LABELS, Photo, Prediction, SetupError,
    failure::quote_message,
    http::{self, Answer},
    prediction::rank_predictions,
};

/// Where the service is, unless a desk is told otherwise.
pub const DEFAULT_URL: &str = "https://vision.googleapis.com";
/// The key travels in this header and nowhere else: addresses end up in logs.
const KEY_HEADER: &str = "x-goog-api-key";

// The numbers of `google.rpc.Code` that one photo's error may have.
const INVALID_ARGUMENT: i64 = 3;
const RESOURCE_EXHAUSTED: i64 = 8;

/// Asks Google Cloud Vision. What it prints for debugging does not show the key.
#[derive(Debug, Clone)]
pub struct GoogleVision {
    http: Client,
    url: Url,
    key: HeaderValue,
}

#[derive(Deserialize)]
struct Annotated {
    responses: Vec<OnePhoto>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct OnePhoto {
    label_annotations: Vec<Annotation>,
    error: Option<Status>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Annotation {
    description: String,
    score: f32,
}

#[derive(Deserialize)]
struct Refusal {
    error: Status,
}

/// `google.rpc.Status`, as it stands in a refused request and beside a single photo alike.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Status {
    code: i64,
    message: String,
    status: String,
    details: Vec<Value>,
}

impl GoogleVision {
    /// The service at `url` ([`DEFAULT_URL`]), asked with an API key.
    ///
    /// # Errors
    /// [`SetupError`] if the address or the key cannot be one.
    pub fn new(url: String, key: String) -> Result<Self, SetupError> {
        let url = format!("{}/v1/images:annotate", url.trim_end_matches('/'));
        let url = Url::parse(&url).map_err(|error| SetupError::Url(error.to_string()))?;
        let mut key = HeaderValue::from_str(&key).map_err(|_| SetupError::Key)?;
        key.set_sensitive(true);
        Ok(Self { http: http::build_client()?, url, key })
    }

    async fn ask(&self, photo: &Photo) -> Result<Vec<Prediction>, Failure> {
        let answer = http::send_request(&self.http, self.build_request(photo)?).await?;
        match answer.status {
            StatusCode::OK => self.read_labels(&answer.body),
            StatusCode::TOO_MANY_REQUESTS => {
                Err(Failure::Busy { retry_after: answer.retry_after() })
            }
            StatusCode::BAD_REQUEST => Err(self.read_bad_request(&answer.body)),
            StatusCode::PAYLOAD_TOO_LARGE => Err(Failure::Refused("it is too large".to_owned())),
            _ => Err(self.read_refusal(&answer)),
        }
    }

    fn build_request(&self, photo: &Photo) -> Result<Request, Failure> {
        let body = json!({
            "requests": [{
                "image": { "content": BASE64_STANDARD.encode(&photo.webp) },
                "features": [{ "type": "LABEL_DETECTION", "maxResults": MOST_LABELS }],
            }],
        });
        let request =
            self.http.post(self.url.clone()).header(KEY_HEADER, self.key.clone()).json(&body);
        request.build().map_err(|error| Failure::Away(error.without_url().to_string()))
    }

    fn read_labels(&self, body: &Bytes) -> Result<Vec<Prediction>, Failure> {
        let answer: Annotated = serde_json::from_slice(body)
            .map_err(|error| Failure::Unreadable(format!("it is not what was agreed: {error}")))?;
        let Some(photo) = answer.responses.into_iter().next() else {
            return Err(Failure::Unreadable("it says nothing of the photo".to_owned()));
        };
        if let Some(error) = photo.error {
            return Err(self.judge_photo(&error));
        }
        let said = photo.label_annotations.into_iter();
        Ok(rank_predictions(said.map(|label| (label.description, label.score))))
    }

    /// One photo's own error: the request as such was in order.
    fn judge_photo(&self, error: &Status) -> Failure {
        match error.code {
            INVALID_ARGUMENT => Failure::Refused(self.quote(&error.message)),
            RESOURCE_EXHAUSTED => Failure::Busy { retry_after: None },
            code => Failure::Away(format!("code {code}: {}", self.quote(&error.message))),
        }
    }

    /// A bad request is a bad photo, unless it is the key or the account: those come with status 400 as well.
    fn read_bad_request(&self, body: &Bytes) -> Failure {
        let Ok(Refusal { error }) = serde_json::from_slice(body) else {
            return Failure::Unreadable("status 400 without an error that can be read".to_owned());
        };
        let words = self.quote(&error.message);
        let is_of_key = error.details.iter().any(|detail| {
            detail["reason"].as_str().is_some_and(|reason| reason.starts_with("API_KEY"))
        });
        if is_of_key || error.status == "FAILED_PRECONDITION" {
            Failure::Away(words)
        } else {
            Failure::Refused(words)
        }
    }

    fn read_refusal(&self, answer: &Answer) -> Failure {
        let status = answer.status.as_u16();
        let said = serde_json::from_slice(&answer.body).map(|Refusal { error }| error.message);
        let words = self.quote(said.as_deref().unwrap_or_default());
        Failure::Away(format!("status {status} {words}").trim_end().to_owned())
    }

    fn quote(&self, message: &str) -> String {
        quote_message(message, &[self.key.to_str().unwrap_or_default()])
    }
}

impl Labeller for GoogleVision {
    fn source(&self) -> LabelSource {
        LabelSource::Google
    }

    fn label<'a>(&'a self, photo: &'a Photo) -> BoxFuture<'a, Result<Vec<Prediction>, Failure>> {
        self.ask(photo).boxed()
    }
}

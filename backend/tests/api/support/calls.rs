//! Requests in the making, and answers read whole.

use api_types::{Problem, ProblemKind, headers};
use reqwest::{
    RequestBuilder,
    header::{HeaderMap, HeaderName},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

/// A request in the making.
pub(crate) struct Call(pub(super) RequestBuilder);

impl Call {
    pub(crate) fn json(self, body: Value) -> Call {
        Call(self.0.json(&body))
    }

    /// A body as it is, declared as JSON.
    pub(crate) fn raw(self, body: impl Into<reqwest::Body>) -> Call {
        Call(self.0.header("content-type", "application/json").body(body))
    }

    /// A body as it is.
    pub(crate) fn body(self, body: impl Into<reqwest::Body>) -> Call {
        Call(self.0.body(body))
    }

    pub(crate) fn multipart(self, form: reqwest::multipart::Form) -> Call {
        Call(self.0.multipart(form))
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
        let bytes = response.bytes().await.unwrap().to_vec();
        Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) bytes: Vec<u8>,
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

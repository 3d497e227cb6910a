//! The client itself, and the one place where a request is sent and an answer read.

use std::time::Duration;

use api_types::{Problem, Role, headers};
use reqwest::{
    Method, RequestBuilder, Response,
    header::{HeaderMap, HeaderValue, IF_MATCH},
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::ClientError;

/// A connection is there within this time, or not at all.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Longer silence than this within an answer means that nobody is there any more.
const READ_TIMEOUT: Duration = Duration::from_secs(15);

/// The ticket API, as seen by one role under one name. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base_url: String,
}

impl Client {
    /// A client of the API at `base_url` (`http://127.0.0.1:8080`), speaking as `role`, with a display name and the
    /// random id of a browser where the caller has them.
    ///
    /// # Errors
    /// [`ClientError::Transport`] if no HTTP client can be set up on this machine.
    pub fn new(
        base_url: &str,
        role: Role,
        name: Option<String>,
        client: Option<Uuid>,
    ) -> Result<Self, ClientError> {
        let mut identity = HeaderMap::new();
        identity.insert(headers::DESK_ROLE, HeaderValue::from_static(role.as_str()));
        // Both values are ASCII by construction, so that neither is ever left out here.
        if let Some(value) =
            name.and_then(|name| HeaderValue::from_str(&headers::encode_name(&name)).ok())
        {
            identity.insert(headers::DESK_NAME, value);
        }
        if let Some(mut value) =
            client.and_then(|client| HeaderValue::from_str(&client.to_string()).ok())
        {
            value.set_sensitive(true);
            identity.insert(headers::DESK_CLIENT, value);
        }
        let http = reqwest::Client::builder()
            .default_headers(identity)
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            // The desk is on this machine or beside it; a proxy of the environment is not meant for it.
            .no_proxy()
            .build()?;
        Ok(Self { http, base_url: base_url.trim_end_matches('/').to_owned() })
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base_url))
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    /// A creating POST: `key` makes it safe to send again.
    pub(crate) fn create(&self, path: &str, key: Uuid) -> RequestBuilder {
        self.post(path).header(headers::IDEMPOTENCY_KEY, key.to_string())
    }

    /// A write to a ticket that the caller saw at `version`.
    pub(crate) fn write(&self, method: Method, path: &str, version: i64) -> RequestBuilder {
        self.request(method, path).header(IF_MATCH, format!("\"{version}\""))
    }
}

/// Sends the request and reads the whole answer.
pub(crate) async fn send<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, ClientError> {
    read(request.send().await?).await
}

/// Reads the body to its end: the answer where the status is a success, the problem where it is not.
pub(crate) async fn read<T: DeserializeOwned>(response: Response) -> Result<T, ClientError> {
    let status = response.status();
    let body = response.bytes().await?;
    let malformed = |e: serde_json::Error| ClientError::Malformed {
        status: status.as_u16(),
        reason: e.to_string(),
    };
    if status.is_success() {
        // `204` has no body: there is nothing to say.
        let body: &[u8] = if body.is_empty() { b"null" } else { &body };
        return serde_json::from_slice(body).map_err(malformed);
    }
    let problem: Problem = serde_json::from_slice(&body).map_err(malformed)?;
    Err(ClientError::Problem(Box::new(problem)))
}

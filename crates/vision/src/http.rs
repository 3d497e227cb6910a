//! The one way to a service: a request sent, and an answer read as far as it makes sense.

use std::{error::Error, time::Duration};

use bytes::{Bytes, BytesMut};
use reqwest::{
    Client, Request, Response, StatusCode,
    header::{HeaderMap, RETRY_AFTER},
    redirect::Policy,
};

use crate::{Failure, SetupError, failure::quote_message};

/// A connection is there within this time, or not at all.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Ten labels are a few kilobytes; nobody reads an answer longer than this many bytes.
const MOST_BYTES: usize = 1 << 20;

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// How long the service wants to be left alone, where it says so.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        parse_retry_after(self.headers.get(RETRY_AFTER)?.to_str().ok()?)
    }
}

/// A client that goes nowhere but where it is sent.
pub(crate) fn build_client() -> Result<Client, SetupError> {
    // A key in a header of our own would be sent along to wherever a redirection points.
    let client = Client::builder().connect_timeout(CONNECT_TIMEOUT).redirect(Policy::none());
    client.build().map_err(|error| SetupError::Client(tell_causes(error)))
}

/// Sends a request and reads the whole answer, whatever its status.
pub(crate) async fn send_request(client: &Client, request: Request) -> Result<Answer, Failure> {
    let response =
        client.execute(request).await.map_err(|error| Failure::Away(tell_causes(error)))?;
    let (status, headers) = (response.status(), response.headers().clone());
    let body = read_body(response).await?;
    Ok(Answer { status, headers, body })
}

async fn read_body(mut response: Response) -> Result<Bytes, Failure> {
    let mut body = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= MOST_BYTES => {
                body.extend_from_slice(&chunk);
            }
            Ok(Some(_)) => {
                return Err(Failure::Unreadable(format!("it is longer than {MOST_BYTES} bytes")));
            }
            Ok(None) => return Ok(body.freeze()),
            Err(error) => {
                return Err(Failure::Unreadable(format!("it breaks off: {}", tell_causes(error))));
            }
        }
    }
}

/// How long the service wants to be left alone, by its `retry-after` in seconds. The other form, a date, is passed over.
///
/// # Source  RFC 9110, section 10.2.3.
pub(crate) fn parse_retry_after(header: &str) -> Option<Duration> {
    header.trim().parse().ok().map(Duration::from_secs)
}

/// The error with what caused it, but without the address: that may hold a password.
fn tell_causes(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    quote_message(&text, &[])
}

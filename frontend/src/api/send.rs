//! One request: headers that say who asks, the answer or why there is none.

use std::time::Duration;

use api_types::{
    Page, Problem, Role,
    headers::{DESK_CLIENT, DESK_NAME, DESK_ROLE, encode_name},
};
use futures_util::future::LocalBoxFuture;
use gloo_net::http::{RequestBuilder, Response};
use leptos::prelude::{TimeoutHandle, set_timeout_with_handle};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use web_sys::AbortController;

use crate::failure::Failure;

/// Who asks. A claim, not a credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Who {
    /// As user or as staff.
    pub(crate) role: Role,
    /// The display name, if there is one.
    pub(crate) name: Option<String>,
    /// This browser's id.
    pub(crate) client: String,
}

/// A request that is not answered by then never will be: the connection is dead, and nobody said so.
const PATIENCE: Duration = Duration::from_secs(30);

/// Ends the request when the future that waits for it is dropped, such as for a filter that changed again, or when it
/// takes too long.
struct AbortOnDrop {
    controller: Option<AbortController>,
    timer: Option<TimeoutHandle>,
}

impl AbortOnDrop {
    fn new() -> Self {
        let controller = AbortController::new().ok();
        let late = controller.clone();
        let abort = move || late.iter().for_each(AbortController::abort);
        Self { controller, timer: set_timeout_with_handle(abort, PATIENCE).ok() }
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(timer) = self.timer {
            timer.clear();
        }
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}

/// Sends a request, with a JSON body where one is given, and reads the answer.
pub(super) fn send<T: DeserializeOwned>(
    request: RequestBuilder,
    who: &Who,
    body: Option<String>,
) -> LocalBoxFuture<'static, Result<T, Failure>> {
    let exchanged = exchange(request, who, body);
    Box::pin(async move {
        let Answer { status, text } = exchanged.await?;
        let json = if text.is_empty() { "null" } else { &text };
        serde_json::from_str(json).map_err(|_| Failure::Unreadable { status })
    })
}

/// As [`send`], for a page of a list. Its items are read one by one, so that what reads a page is there once and not for
/// each type of item.
pub(super) async fn send_page<T: DeserializeOwned>(
    request: RequestBuilder,
    who: &Who,
    body: Option<String>,
) -> Result<Page<T>, Failure> {
    read_items(send::<Page<Box<RawValue>>>(request, who, body).await?)
}

/// The items of a page that came another way.
pub(crate) fn read_page<T: DeserializeOwned>(json: &str) -> Result<Vec<T>, Failure> {
    let page = serde_json::from_str(json).map_err(|_| Failure::Unreadable { status: 200 })?;
    Ok(read_items(page)?.items)
}

fn read_items<T: DeserializeOwned>(page: Page<Box<RawValue>>) -> Result<Page<T>, Failure> {
    let Page { items, next } = page;
    let mut page = Page { items: Vec::with_capacity(items.len()), next };
    for item in items {
        let read = serde_json::from_str(item.get());
        page.items.push(read.map_err(|_| Failure::Unreadable { status: 200 })?);
    }
    Ok(page)
}

/// What came back, if it was no refusal.
struct Answer {
    status: u16,
    text: String,
}

/// Sends a request and waits for the text of the answer. In a box of its own, so that there is one of it in the file that
/// every first visit loads, and not one for each type of answer.
fn exchange(
    request: RequestBuilder,
    who: &Who,
    body: Option<String>,
) -> LocalBoxFuture<'static, Result<Answer, Failure>> {
    let guard = AbortOnDrop::new();
    let signal = guard.controller.as_ref().map(AbortController::signal);
    let mut request = request
        .abort_signal(signal.as_ref())
        .header(DESK_ROLE, who.role.as_str())
        .header(DESK_CLIENT, &who.client);
    if let Some(name) = &who.name {
        request = request.header(DESK_NAME, &encode_name(name));
    }
    Box::pin(async move {
        let _guard = guard;
        let sent = match body {
            Some(body) => match request.header("content-type", "application/json").body(body) {
                Ok(request) => request.send().await,
                Err(error) => Err(error),
            },
            None => request.send().await,
        };
        read_answer(sent.map_err(|_| Failure::Unreachable)?).await
    })
}

async fn read_answer(answer: Response) -> Result<Answer, Failure> {
    let status = answer.status();
    let retry_after = answer.headers().get("retry-after").and_then(|raw| raw.parse().ok());
    let text = answer.text().await.map_err(|_| Failure::Unreachable)?;
    if answer.ok() {
        return Ok(Answer { status, text });
    }
    match serde_json::from_str::<Problem>(&text) {
        Ok(problem) => Err(Failure::Problem { problem: Box::new(problem), retry_after }),
        // A proxy in front of a dead desk answers with a bare status.
        Err(_) if status >= 500 => Err(Failure::Unreachable),
        Err(_) => Err(Failure::Unreadable { status }),
    }
}

/// The JSON of a body. Bodies are plain data, which always has one.
pub(super) fn to_json<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_string(value).ok()
}

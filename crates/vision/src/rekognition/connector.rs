//! What the SDK sends its requests with: the same client, bounds and failures as for every other service.
//!
//! The SDK's own client would read an answer of any length, and bring a second HTTP stack.

use std::error::Error as _;

use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings,
            SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use reqwest::{Body, Client, Request};

use crate::{Failure, SetupError, http};

/// The SDK's way to the service.
#[derive(Debug, Clone)]
pub(super) struct Connector(Client);

impl Connector {
    pub(super) fn new() -> Result<Self, SetupError> {
        http::build_client().map(Self)
    }
}

impl HttpClient for Connector {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.0.clone();
        HttpConnectorFuture::new(async move {
            exchange(&client, request)
                .await
                .map_err(|failure| ConnectorError::other(failure.into(), None))
        })
    }
}

async fn exchange(client: &Client, request: HttpRequest) -> Result<HttpResponse, Failure> {
    let request = request.try_into_http1x().map_err(|error| Failure::Away(error.to_string()))?;
    // A request with a picture in it is in memory as a whole; only streams are not.
    let request =
        request.map(|body| body.bytes().map_or_else(Body::default, |bytes| bytes.to_vec().into()));
    let request = Request::try_from(request).map_err(|error| Failure::Away(error.to_string()))?;
    let answer = http::send_request(client, request).await?;
    let status = StatusCode::try_from(answer.status.as_u16())
        .map_err(|error| Failure::Unreadable(error.to_string()))?;
    let mut response = HttpResponse::new(status, SdkBody::from(answer.body));
    for (name, value) in &answer.headers {
        if let Ok(value) = value.to_str() {
            response.headers_mut().append(name.as_str().to_owned(), value.to_owned());
        }
    }
    Ok(response)
}

/// The failure that [`Connector`] gave to the SDK.
pub(super) fn read_failure(error: &ConnectorError) -> Option<Failure> {
    error.source()?.downcast_ref::<Failure>().cloned()
}

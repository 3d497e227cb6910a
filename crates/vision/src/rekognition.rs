//! Amazon Rekognition: the photo is sent to it as JPEG, and its labels come back in English.
//!
//! # Source
//! <https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DetectLabels.html> for request, answer and errors,
//! <https://docs.aws.amazon.com/rekognition/latest/APIReference/CommonErrors.html> for the errors of every action,
//! <https://docs.aws.amazon.com/rekognition/latest/dg/limits.html> for formats and sizes.

mod connector;

use std::fmt;

use api_types::LabelSource;
use aws_sdk_rekognition::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig},
    error::{DisplayErrorContext, ProvideErrorMetadata as _, SdkError},
    operation::detect_labels::{DetectLabelsError, DetectLabelsOutput},
    primitives::Blob,
    types::Image,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use bytes::Bytes;
use futures_util::{FutureExt as _, future::BoxFuture};
use reqwest::Url;

use crate::{
    Failure, Labeller, MOST_LABELS, Photo, Prediction, SetupError,
    failure::quote_message,
    http,
    picture::{encode_jpeg, run_aside},
    prediction::rank_predictions,
};
use connector::Connector;

/// Labels that the service is less sure of are not asked for, in per cent; its own default.
const LEAST_CONFIDENCE: f32 = 55.0;
/// The service takes no picture of more bytes.
const MOST_JPEG_BYTES: usize = 5 << 20;

/// How the service is reached. What it prints for debugging does not show the keys.
#[derive(Clone)]
pub struct Settings {
    /// Where the service is, if not where its region says.
    pub endpoint: Option<String>,
    /// The region, `eu-central-1`.
    pub region: String,
    /// Whose key it is.
    pub access_key_id: String,
    /// The key.
    pub secret_access_key: String,
    /// What a temporary key comes with.
    pub session_token: Option<String>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

/// Asks Amazon Rekognition. What it prints for debugging does not show the keys.
#[derive(Clone)]
pub struct Rekognition {
    client: Client,
    settings: Settings,
}

impl fmt::Debug for Rekognition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The SDK's client would tell whose key it is.
        f.debug_struct("Rekognition").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Rekognition {
    /// The service, asked with a key that does not change.
    ///
    /// # Errors
    /// [`SetupError`] if the address cannot be one.
    pub fn new(settings: Settings) -> Result<Self, SetupError> {
        let credentials = Credentials::new(
            settings.access_key_id.clone(),
            settings.secret_access_key.clone(),
            settings.session_token.clone(),
            None,
            "settings",
        );
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(settings.region.clone()))
            .credentials_provider(credentials)
            // Whoever asks for labels tries again, and knows when; twice would be once too often.
            .retry_config(RetryConfig::disabled())
            .http_client(Connector::new()?);
        if let Some(endpoint) = &settings.endpoint {
            Url::parse(endpoint).map_err(|error| SetupError::Url(error.to_string()))?;
            config = config.endpoint_url(endpoint);
        }
        Ok(Self { client: Client::from_conf(config.build()), settings })
    }

    async fn ask(&self, photo: &Photo) -> Result<Vec<Prediction>, Failure> {
        let webp = photo.webp.clone();
        let jpeg = run_aside(move || encode_jpeg(&webp)).await?;
        if jpeg.len() > MOST_JPEG_BYTES {
            return Err(Failure::Refused(format!("it has {} bytes as JPEG", jpeg.len())));
        }
        let answer = self.detect_labels(&jpeg).await.map_err(|error| self.judge_error(&error))?;
        let labels = answer.labels.unwrap_or_default().into_iter();
        Ok(rank_predictions(labels.map(|label| {
            let percent = label.confidence.unwrap_or_default();
            (label.name.unwrap_or_default(), percent / 100.0)
        })))
    }

    async fn detect_labels(
        &self,
        jpeg: &Bytes,
    ) -> Result<DetectLabelsOutput, SdkError<DetectLabelsError, HttpResponse>> {
        self.client
            .detect_labels()
            .image(Image::builder().bytes(Blob::new(jpeg.to_vec())).build())
            .max_labels(i32::try_from(MOST_LABELS).unwrap_or(i32::MAX))
            .min_confidence(LEAST_CONFIDENCE)
            .send()
            .await
    }

    fn judge_error(&self, error: &SdkError<DetectLabelsError, HttpResponse>) -> Failure {
        match error {
            SdkError::DispatchFailure(failure) => {
                failure.as_connector_error().and_then(connector::read_failure).unwrap_or_else(
                    || Failure::Away(self.quote(&DisplayErrorContext(error).to_string())),
                )
            }
            SdkError::ServiceError(refusal) => self.judge_refusal(refusal.err(), refusal.raw()),
            SdkError::ResponseError(_) => {
                Failure::Unreadable(self.quote(&DisplayErrorContext(error).to_string()))
            }
            _ => Failure::Away(self.quote(&DisplayErrorContext(error).to_string())),
        }
    }

    fn judge_refusal(&self, error: &DetectLabelsError, raw: &HttpResponse) -> Failure {
        let status = raw.status().as_u16();
        let retry_after = raw.headers().get("retry-after").and_then(http::parse_retry_after);
        let words = self.quote(error.message().unwrap_or_default());
        let Some(code) = error.code() else {
            return match status {
                200..300 | 400 => {
                    Failure::Unreadable(format!("status {status} with a text that is no answer"))
                }
                429 => Failure::Busy { retry_after },
                _ => Failure::Away(format!("status {status}")),
            };
        };
        match code {
            "ThrottlingException"
            | "ProvisionedThroughputExceededException"
            | "LimitExceededException" => Failure::Busy { retry_after },
            // The last one is how a value that is too long or too short is refused before the action looks at it.
            "InvalidImageFormatException"
            | "ImageTooLargeException"
            | "InvalidParameterException"
            | "ValidationException" => Failure::Refused(format!("{code}: {words}")),
            _ => Failure::Away(format!("{code}: {words}")),
        }
    }

    fn quote(&self, message: &str) -> String {
        let Settings { access_key_id, secret_access_key, session_token, .. } = &self.settings;
        // A refused signature is answered with all that was signed, and the token is a part of it.
        let token = session_token.as_deref().unwrap_or_default();
        quote_message(message, &[secret_access_key, token, access_key_id])
    }
}

impl Labeller for Rekognition {
    fn source(&self) -> LabelSource {
        LabelSource::Rekognition
    }

    fn label<'a>(&'a self, photo: &'a Photo) -> BoxFuture<'a, Result<Vec<Prediction>, Failure>> {
        self.ask(photo).boxed()
    }
}

//! Models of the classifier.

use api_types::{Page, TriageModel, paths};
use reqwest::{Method, header::CONTENT_TYPE};

use crate::{Client, ClientError, send::send};

impl Client {
    /// The models that the desk knows, its own first.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn list_models(&self) -> Result<Page<TriageModel>, ClientError> {
        send(self.get(paths::TRIAGE_MODEL)).await
    }

    /// Publishes a model file; the desk classifies with it from now on. Sent again it changes nothing.
    ///
    /// # Errors
    /// Every [`ClientError`]; `forbidden` where the service token is not the desk's.
    pub async fn publish_model(
        &self,
        file: Vec<u8>,
        service_token: &str,
    ) -> Result<TriageModel, ClientError> {
        let request = self.request(Method::PUT, paths::TRIAGE_MODEL).bearer_auth(service_token);
        send(request.header(CONTENT_TYPE, "application/json").body(file)).await
    }

    /// Goes back to a model that the desk knows.
    ///
    /// # Errors
    /// Every [`ClientError`]; `forbidden` where the service token is not the desk's.
    pub async fn activate_model(
        &self,
        version: &str,
        service_token: &str,
    ) -> Result<TriageModel, ClientError> {
        send(self.post(&paths::activate_model(version)).bearer_auth(service_token)).await
    }
}

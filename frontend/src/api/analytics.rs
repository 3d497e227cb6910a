//! The analytics service, which the desk answers for.

use api_types::{Catalog, Chart, paths};
use gloo_net::http::Request;

use super::send::{Who, send};
use crate::failure::Failure;

/// What can be asked.
pub(crate) async fn list_analyses(who: &Who) -> Result<Catalog, Failure> {
    send(Request::get(paths::ANALYSES), who, None).await
}

/// The answer to one analysis.
pub(crate) async fn find_chart(
    who: &Who,
    name: &str,
    parameters: &[(String, String)],
) -> Result<Chart, Failure> {
    let pairs = parameters.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    send(Request::get(&paths::analysis(name)).query(pairs), who, None).await
}

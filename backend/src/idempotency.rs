//! Creating requests that are safe to send again: a key, and a hash of what was asked, beside the row it made.

use api_types::{ProblemKind, Role};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{domain::caller::Caller, error::AppError};

#[derive(Serialize)]
struct Asked<'a, T> {
    what: &'a str,
    body: &'a T,
    role: Role,
    client: Option<Uuid>,
}

/// The key with the hash of the parsed body, the role and the browser; `None` without a key.
pub(crate) fn fingerprint<T: Serialize>(
    key: Option<Uuid>,
    what: &str,
    body: &T,
    caller: &Caller,
) -> Result<Option<(Uuid, Vec<u8>)>, AppError> {
    let Some(key) = key else { return Ok(None) };
    let asked = Asked { what, body, role: caller.role, client: caller.client };
    let bytes =
        serde_json::to_vec(&asked).map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(Some((key, Sha256::digest(bytes).to_vec())))
}

/// Refuses a key that came with another request before.
pub(crate) fn check_same(asked: &[u8], stored: Option<&[u8]>) -> Result<(), AppError> {
    if stored == Some(asked) {
        return Ok(());
    }
    Err(AppError::new(
        ProblemKind::KeyReused,
        "This Idempotency-Key came with another request before. Use a new key for a new request.",
    ))
}

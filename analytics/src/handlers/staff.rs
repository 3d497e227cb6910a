//! Who may ask: staff. A role is a claim in a header, not a credential.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::HeaderName};
use api_types::{FieldCode, FieldProblem, Role, headers};

use crate::error::AppError;

/// A request that came as staff.
#[derive(Debug)]
pub(crate) struct Staff;

impl FromRequest for Staff {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match claimed_role(request) {
            Ok(Role::Staff) => Ok(Self),
            Ok(Role::User) => Err(AppError::staff_only()),
            Err(field) => Err(AppError::invalid_request(field)),
        })
    }
}

fn claimed_role(request: &HttpRequest) -> Result<Role, FieldProblem> {
    let invalid =
        |message: String| FieldProblem::new("Desk-Role", FieldCode::InvalidFormat, message);
    let mut claims = request.headers().get_all(HeaderName::from_static(headers::DESK_ROLE));
    let Some(claim) = claims.next() else { return Ok(Role::User) };
    // Two claims are no claim: which one counts must not depend on who reads them.
    if claims.next().is_some() {
        return Err(invalid("is given more than once".to_owned()));
    }
    let raw = claim.to_str().map_err(|_| invalid("must be one of user, staff".to_owned()))?;
    raw.parse().map_err(|e: api_types::ParseSetError| invalid(e.to_string()))
}

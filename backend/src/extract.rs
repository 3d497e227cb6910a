//! What handlers take from a request. Each extractor answers bad input with a problem that names the field.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{self, HeaderMap},
    web,
};
use api_types::{FieldCode, FieldProblem, Problem, ProblemKind, Role, headers, limits, paths};
use futures_util::future::LocalBoxFuture;
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{caller::Caller, text::Name},
    error::AppError,
};

/// Anyone.
pub(crate) struct Anyone(pub(crate) Caller);
/// Staff alone; a user gets 403 before anything else is looked at.
pub(crate) struct StaffOnly(pub(crate) Caller);
/// Whoever has the service token. A role is not enough.
pub(crate) struct ServiceOnly;
/// The `Idempotency-Key`, if one was sent.
pub(crate) struct IdempotencyKey(pub(crate) Option<Uuid>);
/// The version in `If-Match`, if one was sent. Its absence is refused later, after 404.
pub(crate) struct IfMatch(pub(crate) Option<i64>);
/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);
/// The query string.
pub(crate) struct Params<T>(pub(crate) T);

/// The query string of a path that knows no parameters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

fn header_text<'a>(
    headers: &'a HeaderMap,
    name: &'static str,
    shown: &'static str,
) -> Result<Option<&'a str>, FieldProblem> {
    let bad = |message| FieldProblem::new(shown, FieldCode::InvalidFormat, message);
    let mut values = headers.get_all(name);
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(bad("is given twice"));
    }
    value.to_str().map(Some).map_err(|_| bad("is not plain text"))
}

fn header_uuid(
    headers: &HeaderMap,
    name: &'static str,
    shown: &'static str,
) -> Result<Option<Uuid>, FieldProblem> {
    let parse = |raw| {
        Uuid::try_parse(raw)
            .map_err(|_| FieldProblem::new(shown, FieldCode::InvalidFormat, "must be a UUID"))
    };
    header_text(headers, name, shown)?.map(parse).transpose()
}

pub(crate) fn parse_caller(headers: &HeaderMap) -> Result<Caller, FieldProblem> {
    let role = match header_text(headers, headers::DESK_ROLE, "Desk-Role")? {
        None => Role::User,
        Some(raw) => raw.parse().map_err(|error: api_types::ParseSetError| {
            let message = format!("must be one of {}", error.allowed.join(", "));
            FieldProblem::new("Desk-Role", FieldCode::InvalidFormat, message)
        })?,
    };
    let bad_name =
        |message: String| FieldProblem::new("Desk-Name", FieldCode::InvalidFormat, message);
    let name = header_text(headers, headers::DESK_NAME, "Desk-Name")?
        .map(|raw| {
            headers::decode_name(raw).ok_or_else(|| bad_name("is not percent-encoded UTF-8".into()))
        })
        .transpose()?
        .filter(|name| !name.trim().is_empty())
        .map(|name| Name::parse(&name).map_err(|problem| bad_name(problem.message)))
        .transpose()?;
    let client = header_uuid(headers, headers::DESK_CLIENT, "Desk-Client")?;
    Ok(Caller { role, name, client })
}

impl FromRequest for Anyone {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse_caller(request.headers()).map(Self).map_err(AppError::invalid_request))
    }
}

impl FromRequest for StaffOnly {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match parse_caller(request.headers()) {
            Ok(caller) if caller.role == Role::Staff => Ok(Self(caller)),
            Ok(_) => Err(AppError::forbidden("This is for staff. Say `Desk-Role: staff`.")),
            Err(problem) => Err(AppError::invalid_request(problem)),
        })
    }
}

impl FromRequest for ServiceOnly {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let check = || {
            parse_caller(request.headers()).map_err(AppError::invalid_request)?;
            let token = App::of(request)?.service_token().ok_or_else(|| {
                AppError::forbidden("This desk was started without a service token.")
            })?;
            let given = header_text(request.headers(), "authorization", "Authorization");
            let given = given.map_err(AppError::invalid_request)?;
            // Hashes take the same time to compare wherever they differ.
            let hash = |text: &str| Sha256::digest(text.as_bytes());
            match given.and_then(|given| given.strip_prefix("Bearer ")) {
                Some(given) if hash(given) == hash(token) => Ok(Self),
                _ => Err(AppError::forbidden(
                    "This needs the service token: `Authorization: Bearer …`.",
                )),
            }
        };
        ready(check())
    }
}

impl FromRequest for IdempotencyKey {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(
            header_uuid(request.headers(), headers::IDEMPOTENCY_KEY, "Idempotency-Key")
                .map(Self)
                .map_err(AppError::invalid_request),
        )
    }
}

impl FromRequest for IfMatch {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parse = |raw: &str| {
            raw.strip_prefix('"')
                .and_then(|raw| raw.strip_suffix('"'))
                .and_then(|version| version.parse().ok())
                .ok_or_else(|| {
                    let message = "must be one ETag of this API, such as \"3\"";
                    FieldProblem::new("If-Match", FieldCode::InvalidFormat, message)
                })
        };
        ready(
            header_text(request.headers(), header::IF_MATCH.as_str(), "If-Match")
                .and_then(|raw| raw.map(parse).transpose())
                .map(Self)
                .map_err(AppError::invalid_request),
        )
    }
}

impl<T: DeserializeOwned> FromRequest for Params<T> {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse_query(request.query_string()).map(Self).map_err(AppError::invalid_request))
    }
}

fn parse_query<T: DeserializeOwned>(raw: &str) -> Result<T, FieldProblem> {
    let parts = serde_urlencoded::Deserializer::new(form_urlencoded::parse(raw.as_bytes()));
    serde_path_to_error::deserialize(parts).map_err(|error| {
        let path = error.path().to_string();
        named_field(&path, &error.inner().to_string())
    })
}

/// Names the field of a serde error: by its path or, for a field nobody knows, by what the message quotes.
fn named_field(path: &str, message: &str) -> FieldProblem {
    let quoted = || message.split('`').nth(1).unwrap_or_default().to_owned();
    if message.starts_with("unknown field") {
        FieldProblem::new(quoted(), FieldCode::Unknown, "is not known here")
    } else if message.starts_with("missing field") {
        FieldProblem::new(quoted(), FieldCode::Required, "is missing")
    } else if message.starts_with("duplicate field") {
        FieldProblem::new(quoted(), FieldCode::NotAllowed, "is given twice")
    } else {
        let field = if path == "." { "body" } else { path };
        FieldProblem::new(field, FieldCode::InvalidFormat, format!("cannot be read: {message}"))
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        // Whatever takes a body takes no query string.
        let query = parse_query::<Nothing>(request.query_string());
        let bytes = web::Bytes::from_request(request, payload);
        // As routes.rs has it.
        let max = match request.path() {
            paths::TRIAGE_MODEL => limits::MODEL_MAX_BYTES,
            _ => limits::BODY_MAX_BYTES,
        };
        Box::pin(async move {
            query.map_err(AppError::invalid_request)?;
            if !is_json {
                return Err(AppError::new(
                    ProblemKind::UnsupportedMediaType,
                    "Send the body as application/json.",
                ));
            }
            parse_json(&bytes.await.map_err(|error| body_error(error, max))?).map(Self)
        })
    }
}

fn body_error(error: actix_web::Error, max: usize) -> AppError {
    if error.as_response_error().status_code() == 413 {
        AppError::new(ProblemKind::TooLarge, format!("The body may have {max} bytes at most."))
    } else {
        AppError::new(ProblemKind::MalformedBody, "The body did not arrive whole.")
    }
}

fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, AppError> {
    // serde would also read a struct from an array of its fields, which nobody means.
    if bytes.trim_ascii_start().starts_with(b"[") {
        let message = "must be a JSON object";
        return Err(FieldProblem::new("body", FieldCode::InvalidFormat, message).into());
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut json);
    let error = match parsed {
        Ok(value) => match json.end() {
            Ok(()) => return Ok(value),
            Err(error) => return Err(malformed("body", &error)),
        },
        Err(error) => error,
    };
    let path = error.path().to_string();
    // A name that is still being read is a question mark; the body or the object around it is at fault.
    let path = path.trim_end_matches(['.', '?']);
    let path = if path.is_empty() { "body" } else { path };
    let cause = error.into_inner();
    // serde_json calls `null` in place of a word of a closed set a slip of syntax, though it is JSON.
    if cause.is_data() || serde_json::from_slice::<serde_json::Value>(bytes).is_ok() {
        return Err(named_field(path, &strip_place(&cause.to_string())).into());
    }
    Err(malformed(path, &cause))
}

fn malformed(field: &str, cause: &serde_json::Error) -> AppError {
    let problem =
        FieldProblem::new(field, FieldCode::InvalidFormat, format!("is not JSON: {cause}"));
    let detail = format!("{field} {}.", problem.message);
    Problem::new(ProblemKind::MalformedBody, detail).with_field(problem).into()
}

/// `serde_json` appends where in the text it stopped; the field is a better place to name.
fn strip_place(message: &str) -> String {
    message.rsplit_once(" at line ").map_or(message, |(text, _)| text).to_owned()
}

#[cfg(test)]
mod tests {
    use api_types::{NewTicket, TicketQuery};

    use super::*;

    fn refused(body: &str) -> (u16, String, FieldCode) {
        let problem = parse_json::<NewTicket>(body.as_bytes()).unwrap_err().to_problem();
        let field = &problem.fields[0];
        (problem.status, field.field.clone(), field.code)
    }

    #[test]
    fn a_bad_body_is_answered_with_the_field_by_name() {
        for (body, status, field, code) in [
            (r#"{"title": "x"}"#, 422, "description", FieldCode::Required),
            (r#"{"description": 5}"#, 422, "description", FieldCode::InvalidFormat),
            (r#"{"description": "x", "colour": 1}"#, 422, "colour", FieldCode::Unknown),
            (
                r#"{"description": "x", "category": "cats"}"#,
                422,
                "category",
                FieldCode::InvalidFormat,
            ),
            ("{'description': 'x'}", 400, "body", FieldCode::InvalidFormat),
            (r#"{"description": "\ud800"}"#, 400, "description", FieldCode::InvalidFormat),
            (r#"{"description": "x"} x"#, 400, "body", FieldCode::InvalidFormat),
            ("[[[", 422, "body", FieldCode::InvalidFormat),
        ] {
            assert_eq!(refused(body), (status, field.to_owned(), code), "{body}");
        }
    }

    #[test]
    fn a_bad_query_is_answered_with_the_parameter_by_name() {
        for (query, field) in [
            ("limit=-1", "limit"),
            ("limit=99999999999999999999", "limit"),
            ("status=done", "status"),
            ("colour=red", "colour"),
            ("limit=1&limit=2", "limit"),
        ] {
            assert_eq!(parse_query::<TicketQuery>(query).unwrap_err().field, field, "{query}");
        }
    }
}

//! Problems: every error of both services, in the shape of RFC 9457.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    Ticket,
    sets::{closed_set, read_word},
};

/// An error answer (`application/problem+json`).
///
/// # Source
/// RFC 9457, with `kind`, `fields`, `request_id` and `current` as extension members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI for the kind: `urn:campusdesk:problem:<kind>`.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// The kind in English.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened here, in English.
    pub detail: String,
    /// The kind, for programs to match on.
    pub kind: ProblemKind,
    /// What is wrong with which field.
    #[serde(default)]
    pub fields: Vec<FieldProblem>,
    /// The id under which the log knows this request.
    pub request_id: Option<String>,
    /// With `stale`: the ticket as it stands now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<Box<Ticket>>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status, self.title, self.detail)
    }
}

impl std::error::Error for Problem {}

/// What is wrong with one field of the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// The field of the body, the query parameter, the header or the part of the path.
    pub field: String,
    /// What is wrong, for programs to match on.
    pub code: FieldCode,
    /// Numbers that belong to the code, such as `max`.
    #[serde(default)]
    pub params: BTreeMap<String, i64>,
    /// What is wrong, in English.
    pub message: String,
}

closed_set!(
    /// What can be wrong with a field.
    FieldCode, "code", {
        /// It is missing, empty or blank.
        Required => "required",
        /// It has more than `max` characters or items.
        TooLong => "too_long",
        /// It is below `min` or above `max`.
        OutOfRange => "out_of_range",
        /// It holds a character that cannot be stored, such as NUL.
        InvalidCharacter => "invalid_character",
        /// It is of another type or form, or not in the closed set.
        InvalidFormat => "invalid_format",
        /// Nobody knows this field or parameter.
        Unknown => "unknown",
        /// What it names does not exist.
        NotFound => "not_found",
        /// It cannot be combined with the others.
        NotAllowed => "not_allowed",
        /// Another row has it already.
        Taken => "taken",
    }
);

macro_rules! problem_kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $status:literal, $title:literal;)+) => {
        /// What kind of problem it is: a closed set that programs match on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum ProblemKind { $($(#[$doc])* $variant,)+ }

        impl<'de> Deserialize<'de> for ProblemKind {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                read_word(from, &[$($word,)+]).map(|place| Self::ALL[place])
            }
        }

        impl ProblemKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The one spelling of this kind.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The HTTP status it is answered with.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }

            /// The kind in English.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }
        }
    };
}

problem_kinds! {
    /// The body is no JSON, or nested too deep.
    MalformedBody = "malformed_body", 400, "The body cannot be read";
    /// A query parameter, a header or a part of the path is wrong.
    InvalidRequest = "invalid_request", 400, "The request is not valid";
    /// The role may not do this.
    Forbidden = "forbidden", 403, "Not allowed for this role";
    /// There is no such thing, or this role may not see it.
    NotFound = "not_found", 404, "Not found";
    /// The path knows other methods.
    MethodNotAllowed = "method_not_allowed", 405, "Method not allowed";
    /// Status only goes open → active → closed, one step at a time.
    IllegalStep = "illegal_step", 409, "Not the next step";
    /// A closed ticket is read-only.
    Closed = "closed", 409, "The ticket is closed";
    /// The ticket was merged into another, which is the one to change.
    Merged = "merged", 409, "The ticket was merged";
    /// The first request with this key is still running.
    InProgress = "in_progress", 409, "Still in progress";
    /// The name belongs to somebody else.
    NameTaken = "name_taken", 409, "The name is taken";
    /// The feed cannot go on from this position: start again from nothing.
    Resync = "resync", 410, "Start again from the beginning";
    /// The ticket has changed since; `current` has it.
    Stale = "stale", 412, "The ticket has changed";
    /// The body is over the limit.
    TooLarge = "too_large", 413, "The body is too large";
    /// The body is no `application/json`.
    UnsupportedMediaType = "unsupported_media_type", 415, "The body must be JSON";
    /// A field of the body is wrong; `fields` says which.
    InvalidInput = "invalid_input", 422, "Some of the input is not valid";
    /// This key came with another body before.
    KeyReused = "key_reused", 422, "The key was used for something else";
    /// `If-Match` is missing.
    PreconditionRequired = "precondition_required", 428, "Say which version you saw";
    /// Too many requests in a short time; `Retry-After` says when to try again.
    RateLimited = "rate_limited", 429, "Too many requests";
    /// A bug. The cause is in the log.
    Internal = "internal", 500, "Something went wrong on our side";
    /// A part is away for a moment; `Retry-After` says when to try again.
    Unavailable = "unavailable", 503, "Not available for a moment";
}

impl Problem {
    /// A problem of this kind with this detail, and nothing else said yet.
    #[must_use]
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self {
            type_uri: format!("urn:campusdesk:problem:{}", kind.as_str()),
            title: kind.title().to_owned(),
            status: kind.status(),
            detail: detail.into(),
            kind,
            fields: Vec::new(),
            request_id: None,
            current: None,
        }
    }

    /// The same problem, naming a field.
    #[must_use]
    pub fn with_field(mut self, field: FieldProblem) -> Self {
        self.fields.push(field);
        self
    }
}

impl FieldProblem {
    /// A problem with one field, without numbers.
    #[must_use]
    pub fn new(field: impl Into<String>, code: FieldCode, message: impl Into<String>) -> Self {
        Self { field: field.into(), code, params: BTreeMap::new(), message: message.into() }
    }

    /// The same problem with a number that belongs to it.
    #[must_use]
    pub fn with_param(mut self, name: &str, value: i64) -> Self {
        self.params.insert(name.to_owned(), value);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_spelled_the_same_everywhere() {
        for kind in ProblemKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}

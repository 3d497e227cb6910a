//! Names of the headers that carry who is asking, and the encoding of names in them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// `user` or `staff`; absent means user.
pub const DESK_ROLE: &str = "desk-role";
/// The display name, percent-encoded UTF-8 (browsers refuse header values above U+00FF).
pub const DESK_NAME: &str = "desk-name";
/// The random id of one browser, a UUID. It is a secret: in no answer, feed, export or log.
pub const DESK_CLIENT: &str = "desk-client";
/// A UUID that makes a creating POST safe to send again.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Marks an answer that was given before.
pub const IDEMPOTENCY_REPLAYED: &str = "idempotency-replayed";
/// On `GET /changes`: for how many seconds an unfinished transaction has held the feed back.
pub const FEED_HORIZON_AGE: &str = "desk-feed-horizon-age-seconds";
/// The id of one request, in every answer and in the log.
pub const REQUEST_ID: &str = "x-request-id";

const NAME_SET: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// Encodes a display name for [`DESK_NAME`].
#[must_use]
pub fn encode_name(name: &str) -> String {
    utf8_percent_encode(name, NAME_SET).to_string()
}

/// Decodes [`DESK_NAME`]; `None` where it is no UTF-8.
#[must_use]
pub fn decode_name(raw: &str) -> Option<String> {
    percent_decode_str(raw).decode_utf8().ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_survives_the_header() {
        for name in ["Zoë Ångström", "李雷", "50% off, ok?", "a+b"] {
            let encoded = encode_name(name);
            assert!(encoded.is_ascii());
            assert_eq!(decode_name(&encoded).as_deref(), Some(name));
        }
    }
}

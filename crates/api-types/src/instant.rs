//! Instants on the wire: the text that chrono's own serde support gives, written as one string.
//!
//! chrono hands an instant to the serializer in a dozen pieces, and each is looked through for what JSON escapes. A page of
//! the change feed has forty thousand instants.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serializer;

/// RFC 3339 in UTC, with as many decimals as it takes.
pub(crate) fn serialize<S: Serializer>(at: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// As [`serialize`]; `null` for none.
pub(crate) fn serialize_option<S: Serializer>(
    at: &Option<DateTime<Utc>>,
    to: S,
) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => serialize(at, to),
        None => to.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_as_chrono_writes_it() {
        for micros in
            [0, 1, 1_000, 1_700_000_000_000_000, 1_700_000_000_123_456, -1, 253_402_300_799_999_999]
        {
            let at = DateTime::from_timestamp_micros(micros).unwrap();
            let written = serialize(&at, serde_json::value::Serializer).unwrap();
            assert_eq!(written, serde_json::to_value(at).unwrap());
        }
    }
}

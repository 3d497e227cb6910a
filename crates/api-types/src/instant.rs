//! Instants on the wire: the text that chrono's own serde support gives, written as one string and read as RFC 3339 alone.
//!
//! chrono hands an instant to the serializer in a dozen pieces, and each is looked through for what JSON escapes. A page of
//! the change feed has forty thousand instants. It also reads many forms that nobody sends, and the code for them would be
//! loaded by every first visit.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{
    Deserializer, Serializer,
    de::{Error, Visitor},
};

/// RFC 3339 in UTC, with as many decimals as it takes.
///
/// # Errors  Those of the serializer.
pub fn serialize<S: Serializer>(at: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// RFC 3339, with any offset.
///
/// # Errors  When it is another text, or none.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
    from.deserialize_str(Instant)
}

struct Instant;

impl Visitor<'_> for Instant {
    type Value = DateTime<Utc>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an RFC 3339 date and time")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        DateTime::parse_from_rfc3339(text).map(|at| at.to_utc()).map_err(E::custom)
    }
}

/// Instants that there may be none of: `null`.
pub mod option {
    use super::{DateTime, Deserializer, Error, Serializer, Utc, Visitor, fmt};

    /// As [`super::serialize`]; `null` for none.
    ///
    /// # Errors  Those of the serializer.
    pub fn serialize<S: Serializer>(at: &Option<DateTime<Utc>>, to: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => super::serialize(at, to),
            None => to.serialize_none(),
        }
    }

    /// As [`super::deserialize`]; none for `null`.
    ///
    /// # Errors  When it is another text.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<DateTime<Utc>>, D::Error> {
        from.deserialize_option(OptionalInstant)
    }

    struct OptionalInstant;

    impl<'de> Visitor<'de> for OptionalInstant {
        type Value = Option<DateTime<Utc>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an RFC 3339 date and time or null")
        }

        fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
            super::deserialize(from).map(Some)
        }
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

    #[test]
    fn an_instant_is_read_as_it_was_written_and_nothing_else_is() {
        let read = |text: &str| deserialize(serde_json::Value::from(text));
        let at = DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap();
        assert_eq!(read("2023-11-14T22:13:20.123456Z").unwrap(), at);
        assert_eq!(read("2023-11-14T23:13:20.123456+01:00").unwrap(), at);
        for text in ["", "2023-11-14", "14 Nov 2023 22:13", "2023-11-14T25:13:20Z"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(option::deserialize(serde_json::Value::Null).unwrap(), None);
    }
}

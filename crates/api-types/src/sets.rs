//! The closed sets of the desk. Each has one spelling, the same on the wire, in the database and in a query string.

use std::fmt;

use serde::{
    Deserializer,
    de::{Error, Visitor},
};

/// A word that is not in the closed set it was read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseSetError {
    /// The set, as a noun: `status`, `category`, …
    pub set: &'static str,
    /// The words that would have been accepted.
    pub allowed: &'static [&'static str],
}

impl fmt::Display for ParseSetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} must be one of {}", self.set, self.allowed.join(", "))
    }
}

impl std::error::Error for ParseSetError {}

macro_rules! closed_set {
    ($(#[$doc:meta])* $name:ident, $set:literal, { $($(#[$variant_doc:meta])* $variant:ident => $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize,
        )]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(
            feature = "sql",
            derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow),
            diesel(sql_type = diesel::sql_types::Text)
        )]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// Every member, in the order people read them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            const WORDS: &'static [&'static str] = &[$($word),+];

            /// The one spelling of this member.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::sets::read_word(from, Self::WORDS).map(|place| Self::ALL[place])
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ParseSetError;

            fn from_str(raw: &str) -> Result<Self, Self::Err> {
                match raw {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::ParseSetError { set: $set, allowed: Self::WORDS }),
                }
            }
        }

        #[cfg(feature = "sql")]
        impl diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                use std::io::Write as _;
                out.write_all(self.as_str().as_bytes())?;
                Ok(diesel::serialize::IsNull::No)
            }
        }

        #[cfg(feature = "sql")]
        impl diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
            fn from_sql(value: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                Ok(std::str::from_utf8(value.as_bytes())?.parse()?)
            }
        }
    };
}
pub(crate) use closed_set;

/// Reads one of some words, and answers which. What serde derives for an enum does the same at four times the size, for each
/// enum anew, and every first visit loads it.
///
/// # Errors  When it is none of them.
pub(crate) fn read_word<'de, D: Deserializer<'de>>(
    from: D,
    words: &'static [&'static str],
) -> Result<usize, D::Error> {
    from.deserialize_str(OneOf(words))
}

struct OneOf(&'static [&'static str]);

impl Visitor<'_> for OneOf {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", self.0.join(", "))
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<usize, E> {
        let place = self.0.iter().position(|known| *known == word);
        place.ok_or_else(|| E::unknown_variant(word, self.0))
    }
}

closed_set!(
    /// Where a ticket stands. Steps go forward one at a time: open → active → closed.
    Status, "status", {
        /// Reported, nobody works on it yet.
        Open => "open",
        /// Somebody works on it.
        Active => "active",
        /// Done; read-only from here on.
        Closed => "closed",
    }
);
closed_set!(
    /// Which desk a ticket belongs to.
    Category, "category", {
        /// Buildings, rooms, furniture, water, heat, light, grounds.
        Facility => "facility",
        /// Accounts, networks, devices, software.
        It => "it",
        /// Everything people do for people: food, fees, registrar, housing, transport, …
        Services => "services",
    }
);
closed_set!(
    /// Who decided a ticket's category.
    CategoryBy, "category_by", {
        /// The classifier.
        Automatic => "automatic",
        /// The person who reported it.
        Reporter => "reporter",
        /// A staff member.
        Staff => "staff",
    }
);
closed_set!(
    /// What a person says they are. A claim, not a credential.
    Role, "role", {
        /// Anyone on campus.
        User => "user",
        /// The help desk.
        Staff => "staff",
    }
);
closed_set!(
    /// The order of a ticket list.
    SortBy, "sort", {
        /// Latest opened first. The default.
        Newest => "newest",
        /// Longest waiting first.
        Oldest => "oldest",
        /// Latest changed first.
        Modified => "modified",
        /// The most people affected first.
        Affected => "affected",
    }
);

impl Status {
    /// The step after this one; `None` after closed.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Open => Some(Self::Active),
            Self::Active => Some(Self::Closed),
            Self::Closed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_reads_back_from_its_own_spelling() {
        for status in Status::ALL {
            assert_eq!(status.as_str().parse(), Ok(*status));
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
    }

    #[test]
    fn a_word_outside_the_set_is_refused_with_the_words_that_fit() {
        let error = "admin".parse::<Role>().unwrap_err();
        assert_eq!(error.to_string(), "role must be one of user, staff");
    }
}

//! The position of a reader in the change feed.

use std::{fmt, str::FromStr};

/// The history that transaction ids belong to: one cluster, one timeline, one database, one table. After a restore it
/// differs. The database counts because a copy made with `CREATE DATABASE … TEMPLATE` keeps the table's oid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lineage {
    /// `system_identifier` of the cluster.
    pub cluster: i64,
    /// The timeline of its write-ahead log.
    pub timeline: i64,
    /// The oid of the database.
    pub database: i64,
    /// The oid of the table `tickets`.
    pub table: i64,
}

/// A place in the total order of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Position {
    /// The transaction.
    pub changed_in: i64,
    /// The ticket, among those that the transaction changed.
    pub ticket: i64,
}

/// Where a reader stands; opaque to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The history the position belongs to.
    pub lineage: Lineage,
    /// The last place read.
    pub position: Position,
}

/// A cursor that this service did not write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForgedCursor;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lineage: Lineage { cluster, timeline, database, table }, position } = self;
        let Position { changed_in, ticket } = position;
        write!(f, "{cluster}.{timeline}.{database}.{table}.{changed_in}.{ticket}")
    }
}

impl FromStr for Cursor {
    type Err = ForgedCursor;

    fn from_str(raw: &str) -> Result<Self, ForgedCursor> {
        let mut parts = raw.split('.').map(|part| part.parse::<i64>().map_err(|_| ForgedCursor));
        let mut next = || parts.next().ok_or(ForgedCursor)?;
        let cursor = Self {
            lineage: Lineage {
                cluster: next()?,
                timeline: next()?,
                database: next()?,
                table: next()?,
            },
            position: Position { changed_in: next()?, ticket: next()? },
        };
        let negative = cursor.position.changed_in < 0 || cursor.position.ticket < 0;
        if negative || parts.next().is_some() { Err(ForgedCursor) } else { Ok(cursor) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_a_forged_one_is_noticed() {
        let cursor = Cursor {
            lineage: Lineage { cluster: -7, timeline: 1, database: 5, table: 16_384 },
            position: Position { changed_in: 900, ticket: 12 },
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for forged in [
            "",
            "1",
            "1.2.3.4.5",
            "1.2.3.4.5.6.7",
            "1.2.3.4.x.6",
            "1.2.3.4.-5.6",
            "1.2.3.4.5.99999999999999999999",
        ] {
            assert_eq!(forged.parse::<Cursor>(), Err(ForgedCursor));
        }
    }
}

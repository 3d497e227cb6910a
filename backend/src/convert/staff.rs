//! The roster.

use api_types::Staff;

use crate::db::rows;

/// A member of the roster as it is read.
pub(crate) fn staff(row: rows::Staff) -> Staff {
    Staff { id: row.id, name: row.name, active: row.active }
}

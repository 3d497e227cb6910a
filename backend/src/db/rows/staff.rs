//! A member of the roster.

use api_types::StaffId;
use diesel::{Queryable, Selectable, pg::Pg};

use crate::db::schema::staff;

/// A row of `staff`, without its idempotency columns.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = staff, check_for_backend(Pg))]
pub struct Staff {
    /// The number in the roster.
    pub id: StaffId,
    /// The name.
    pub name: String,
    /// Whether tickets may be assigned to them.
    pub active: bool,
}

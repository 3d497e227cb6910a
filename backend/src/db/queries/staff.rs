//! The roster.

use api_types::StaffId;
use diesel::{
    AsChangeset, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, QueryResult,
    SelectableHelper as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use crate::db::{rows, schema::staff};

/// The whole roster, in the order of names. A roster is short by nature.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_staff(conn: &mut AsyncPgConnection) -> QueryResult<Vec<rows::Staff>> {
    staff::table.order((staff::name, staff::id)).select(rows::Staff::as_select()).load(conn).await
}

/// One member.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_staff(
    conn: &mut AsyncPgConnection,
    id: StaffId,
) -> QueryResult<Option<rows::Staff>> {
    staff::table.find(id.0).select(rows::Staff::as_select()).first(conn).await.optional()
}

/// Adds a member; `None` if one with this idempotency key is there already.
///
/// # Errors
/// If the database refuses, as it does for a name that is taken (`staff_name_key`).
pub async fn create_staff(
    conn: &mut AsyncPgConnection,
    name: &str,
    idempotency: Option<(Uuid, Vec<u8>)>,
) -> QueryResult<Option<rows::Staff>> {
    let (key, hash) = idempotency.unzip();
    diesel::insert_into(staff::table)
        .values((
            staff::name.eq(name),
            staff::idempotency_key.eq(key),
            staff::idempotency_hash.eq(hash),
        ))
        .on_conflict(staff::idempotency_key)
        .do_nothing()
        .returning(rows::Staff::as_returning())
        .get_result(conn)
        .await
        .optional()
}

/// The member that a repeated request made before, with the hash of that request.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_by_key(
    conn: &mut AsyncPgConnection,
    key: Uuid,
) -> QueryResult<Option<(rows::Staff, Option<Vec<u8>>)>> {
    staff::table
        .filter(staff::idempotency_key.eq(key))
        .select((rows::Staff::as_select(), staff::idempotency_hash))
        .first(conn)
        .await
        .optional()
}

/// New values; `None` leaves a column alone.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = staff)]
pub struct StaffUpdate {
    /// The name.
    pub name: Option<String>,
    /// Whether tickets may be assigned to them.
    pub active: Option<bool>,
}

/// Changes a member; `None` if there is no such member.
///
/// # Errors
/// If the database refuses, as it does for a name that is taken (`staff_name_key`).
pub async fn update_staff(
    conn: &mut AsyncPgConnection,
    id: StaffId,
    update: &StaffUpdate,
) -> QueryResult<Option<rows::Staff>> {
    diesel::update(staff::table.find(id.0))
        .set(update)
        .returning(rows::Staff::as_returning())
        .get_result(conn)
        .await
        .optional()
}

//! Messages.

use api_types::Message;

use crate::db::rows;

/// A message as it is read.
pub(crate) fn message(row: rows::Message) -> Message {
    Message {
        id: row.id,
        author_role: row.author_role,
        author_name: row.author_name,
        body: row.body,
        internal: row.internal,
        created_at: row.created_at,
        origin: row.origin,
    }
}

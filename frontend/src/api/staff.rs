//! The roster.

use api_types::{NewStaff, Page, Staff, StaffEdit, StaffId, headers::IDEMPOTENCY_KEY, paths};
use gloo_net::http::Request;

use super::send::{Who, send, send_page, to_json};
use crate::{failure::Failure, state::new_uuid};

/// Everybody on the roster.
pub(crate) async fn list_staff(who: &Who) -> Result<Page<Staff>, Failure> {
    send_page(Request::get(paths::STAFF), who, None).await
}

/// Adds somebody. A second try meets the unique name, so the key need not outlive the request.
pub(crate) async fn add_staff(who: &Who, name: String) -> Result<Staff, Failure> {
    let request = Request::post(paths::STAFF).header(IDEMPOTENCY_KEY, &new_uuid());
    send(request, who, to_json(&NewStaff { name })).await
}

/// Renames, deactivates or activates somebody.
pub(crate) async fn edit_staff(who: &Who, id: StaffId, edit: StaffEdit) -> Result<Staff, Failure> {
    send(Request::patch(&paths::staff_member(id)), who, to_json(&edit)).await
}

//! The roster.

use api_types::{NewStaff, Page, Staff, StaffEdit, StaffId, paths};
use reqwest::Method;
use uuid::Uuid;

use crate::{Client, ClientError, send::send};

impl Client {
    /// The roster.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn list_staff(&self) -> Result<Page<Staff>, ClientError> {
        send(self.get(paths::STAFF)).await
    }

    /// Adds a member. The same key and body give the same member again.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn create_staff(&self, new: &NewStaff, key: Uuid) -> Result<Staff, ClientError> {
        send(self.create(paths::STAFF, key).json(new)).await
    }

    /// Renames a member, or takes it out of or back into service.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn edit_staff(&self, id: StaffId, edit: &StaffEdit) -> Result<Staff, ClientError> {
        send(self.request(Method::PATCH, &paths::staff_member(id)).json(edit)).await
    }
}

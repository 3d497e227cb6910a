//! Who is asking. A role is a claim, not a credential.

use api_types::{FieldCode, FieldProblem, Role, Status};
use uuid::Uuid;

use super::text::Name;

/// Who a request says it comes from.
#[derive(Debug, Clone)]
pub struct Caller {
    /// As what.
    pub role: Role,
    /// The display name.
    pub name: Option<Name>,
    /// The browser: a secret.
    pub client: Option<Uuid>,
}

impl Caller {
    /// Whether a ticket of this status exists for the caller: closed ones are gone for users.
    #[must_use]
    pub fn may_see(&self, status: Status) -> bool {
        self.role == Role::Staff || status != Status::Closed
    }

    /// The browser, where something is done for it.
    ///
    /// # Errors
    /// If the caller does not say which it is.
    pub fn need_client(&self) -> Result<Uuid, FieldProblem> {
        let message = "is needed to know which browser asks";
        self.client.ok_or_else(|| FieldProblem::new("Desk-Client", FieldCode::Required, message))
    }

    /// The display name as text.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        self.name.as_ref().map(|name| name.as_str().to_owned())
    }
}

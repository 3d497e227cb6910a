//! Who is asking. A role is a claim, not a credential.

use api_types::{Role, Status};
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

    /// The display name as text.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        self.name.as_ref().map(|name| name.as_str().to_owned())
    }
}

//! Who one is in this browser: user, or a staff member of the roster.

use api_types::{Role, StaffRef};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    follow,
    storage::{keep, load},
    uuid::new_uuid,
};
use crate::api::Who;

const SESSION_KEY: &str = "campusdesk.session";
const CLIENT_KEY: &str = "campusdesk.client";

/// What is kept about who one is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    role: Role,
    /// The member last chosen, so that going back to staff is one step.
    staff: Option<StaffRef>,
    /// The name given as user.
    user_name: Option<String>,
}

/// Who one is, for all of the app.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    kept: RwSignal<Kept>,
    who: Memo<Who>,
}

impl Session {
    /// Reads who one was before, and offers it to every component below.
    pub(crate) fn provide() -> Self {
        let client = load(CLIENT_KEY).unwrap_or_else(|| {
            let client = new_uuid();
            keep(CLIENT_KEY, &client);
            client
        });
        let nobody = Kept { role: Role::User, staff: None, user_name: None };
        let kept = RwSignal::new(load::<Kept>(SESSION_KEY).unwrap_or(nobody));
        let who = Memo::new(move |_| {
            let kept = kept.read();
            let name = match kept.role {
                Role::User => kept.user_name.clone(),
                Role::Staff => kept.staff.as_ref().map(|staff| staff.name.clone()),
            };
            Who { role: kept.role, name, client: client.clone() }
        });
        follow(move || {
            keep(SESSION_KEY, &*kept.read());
        });
        let session = Self { kept, who };
        provide_context(session);
        session
    }

    /// The session of the app.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// Who asks, to be tracked.
    pub(crate) fn who(&self) -> Who {
        self.who.get()
    }

    /// The same as JSON, for what asks by itself.
    pub(crate) fn who_json(&self) -> String {
        // Plain data always has a JSON form.
        serde_json::to_string(&*self.who.read()).unwrap_or_default()
    }

    /// Who asks, for something done once.
    pub(crate) fn who_now(&self) -> Who {
        self.who.get_untracked()
    }

    /// As [`Session::who_now`], where the app may be gone by then.
    pub(crate) fn try_who_now(&self) -> Option<Who> {
        self.who.try_get_untracked()
    }

    /// Whether one is staff.
    pub(crate) fn is_staff(&self) -> bool {
        self.kept.read().role == Role::Staff
    }

    /// The member of the roster one is, or was before going on as user.
    pub(crate) fn staff(&self) -> Option<StaffRef> {
        self.kept.read().staff.clone()
    }

    /// The name one gave as user.
    pub(crate) fn user_name(&self) -> Option<String> {
        self.kept.read().user_name.clone()
    }

    /// Goes on as user.
    pub(crate) fn enter_as_user(&self) {
        self.kept.write().role = Role::User;
    }

    /// Goes on as user under this name, or under none.
    pub(crate) fn name_user(&self, name: &str) {
        let name = name.trim();
        self.kept.write().user_name = (!name.is_empty()).then(|| name.to_owned());
    }

    /// Goes on as a member of the roster.
    pub(crate) fn enter_as_staff(&self, staff: StaffRef) {
        let mut kept = self.kept.write();
        kept.role = Role::Staff;
        kept.staff = Some(staff);
    }
}

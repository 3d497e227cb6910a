//! What only staff see. The app that users load has none of it: it is named here and nowhere else.

use api_types::RedactTarget;
use leptos::prelude::*;

use super::{
    analytics::AnalyticsPage,
    queue::QueuePage,
    rooms::RoomsPage,
    roster::RosterPage,
    staff_door::ChooseMember,
    ticket::{Desk, Others, Redact, RedactTexts, StaffControls},
};

/// The pages and parts that only staff see.
#[derive(Clone, Copy)]
pub(crate) struct StaffSide {
    /// The roster at the door, to choose oneself from.
    pub(super) choose_member: fn() -> AnyView,
    /// The queue.
    pub(crate) queue: fn() -> AnyView,
    /// The analyses.
    pub(crate) analytics: fn() -> AnyView,
    /// The roster.
    pub(crate) roster: fn() -> AnyView,
    /// Codes for rooms.
    pub(crate) rooms: fn() -> AnyView,
    /// What staff can do with a ticket.
    pub(super) controls: fn(Desk) -> AnyView,
    /// Who else is at a ticket.
    pub(super) others: fn(Desk) -> AnyView,
    /// A button that overwrites a text, with its name for those who do not see where it stands.
    pub(super) redact: fn(Desk, RedactTarget, &'static str) -> AnyView,
    /// The same for each text of the ticket itself.
    pub(super) redact_texts: fn(Desk) -> AnyView,
}

/// All of it.
pub(crate) const STAFF_SIDE: StaffSide = StaffSide {
    choose_member: || view! { <ChooseMember/> }.into_any(),
    queue: || view! { <QueuePage/> }.into_any(),
    analytics: || view! { <AnalyticsPage/> }.into_any(),
    roster: || view! { <RosterPage/> }.into_any(),
    rooms: || view! { <RoomsPage/> }.into_any(),
    controls: |desk| view! { <StaffControls desk/> }.into_any(),
    others: |desk| view! { <Others desk/> }.into_any(),
    redact: |desk, target, name| view! { <Redact desk target name/> }.into_any(),
    redact_texts: |desk| view! { <RedactTexts desk/> }.into_any(),
};

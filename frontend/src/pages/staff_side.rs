//! What only the whole app has: the pages of staff, and those that most people never need. The app that users load has
//! none of it: it is named here and nowhere else.

use api_types::RedactTarget;
use leptos::prelude::*;

use super::{
    analytics::AnalyticsPage,
    articles::{ArticlePage, ArticlesPage, EditArticlePage, NewArticlePage},
    queue::QueuePage,
    rooms::RoomsPage,
    roster::RosterPage,
    search::{SearchPage, catch_search},
    staff_door::ChooseMember,
    ticket::{
        Desk, History, HistoryPage, Merging, Others, Redact, RedactTexts, StaffControls, Texts,
    },
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
    /// The search, for everyone.
    pub(crate) search: fn() -> AnyView,
    /// Keeps a search from the header within the app.
    pub(crate) catch_search: fn(),
    /// The knowledge base, for everyone.
    pub(crate) articles: fn() -> AnyView,
    /// An article, for everyone.
    pub(crate) article: fn() -> AnyView,
    /// Writing an article.
    pub(crate) new_article: fn() -> AnyView,
    /// Changing one.
    pub(crate) edit_article: fn() -> AnyView,
    /// A ticket's texts, to be read and edited.
    pub(super) texts: fn(Desk) -> AnyView,
    /// A ticket's history, beside it.
    pub(super) history: fn(Desk) -> AnyView,
    /// The same as a page, for everyone.
    pub(crate) history_page: fn() -> AnyView,
    /// Merging a ticket.
    pub(super) merging: fn(Desk) -> AnyView,
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
    search: || view! { <SearchPage/> }.into_any(),
    catch_search,
    articles: || view! { <ArticlesPage/> }.into_any(),
    article: || view! { <ArticlePage/> }.into_any(),
    new_article: || view! { <NewArticlePage/> }.into_any(),
    edit_article: || view! { <EditArticlePage/> }.into_any(),
    texts: |desk| view! { <Texts desk/> }.into_any(),
    history: |desk| view! { <History desk/> }.into_any(),
    history_page: || view! { <HistoryPage/> }.into_any(),
    merging: |desk| view! { <Merging desk/> }.into_any(),
    controls: |desk| view! { <StaffControls desk/> }.into_any(),
    others: |desk| view! { <Others desk/> }.into_any(),
    redact: |desk, target, name| view! { <Redact desk target name/> }.into_any(),
    redact_texts: |desk| view! { <RedactTexts desk/> }.into_any(),
};

//! Which address leads to which page, in each of the two apps.

use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route},
    hooks::use_location,
    path,
};

use crate::{
    components::Loading,
    pages::{
        DoorPage, InWhole, MinePage, NotFoundPage, ReportPage, StaffOnly, TicketPage, TicketsPage,
    },
    texts::say,
};

/// All pages.
pub(crate) fn all() -> AnyView {
    view! {
        <FlatRoutes fallback=|| view! { <NotFoundPage/> }>
            <Route path=path!("/") view=DoorPage/>
            <Route path=path!("/report") view=ReportPage/>
            <Route path=path!("/tickets") view=TicketsPage/>
            <Route path=path!("/tickets/:id") view=TicketPage/>
            <Route path=path!("/tickets/:id/edit") view=TicketPage/>
            <Route path=path!("/tickets/:id/history") view=|| view! { <InWhole page=|side| (side.history_page)()/> }/>
            <Route path=path!("/mine") view=MinePage/>
            <Route path=path!("/queue") view=|| view! { <StaffOnly page=|side| (side.queue)()/> }/>
            <Route path=path!("/analytics") view=|| view! { <StaffOnly page=|side| (side.analytics)()/> }/>
            <Route path=path!("/staff/rooms") view=|| view! { <StaffOnly page=|side| (side.rooms)()/> }/>
            <Route path=path!("/search") view=|| view! { <InWhole page=|side| (side.search)()/> }/>
            <Route path=path!("/articles") view=|| view! { <InWhole page=|side| (side.articles)()/> }/>
            <Route path=path!("/articles/new") view=|| view! { <StaffOnly page=|side| (side.new_article)()/> }/>
            <Route path=path!("/articles/:id") view=|| view! { <InWhole page=|side| (side.article)()/> }/>
            <Route path=path!("/articles/:id/edit") view=|| view! { <StaffOnly page=|side| (side.edit_article)()/> }/>
            <Route path=path!("/staff") view=|| view! { <StaffOnly page=|side| (side.roster)()/> }/>
        </FlatRoutes>
    }
    .into_any()
}

/// The pages that users have.
pub(crate) fn for_users() -> AnyView {
    view! {
        <FlatRoutes fallback=|| view! { <Elsewhere/> }>
            <Route path=path!("/") view=DoorPage/>
            <Route path=path!("/report") view=ReportPage/>
            <Route path=path!("/tickets") view=TicketsPage/>
            <Route path=path!("/tickets/:id") view=TicketPage/>
            <Route path=path!("/mine") view=MinePage/>
        </FlatRoutes>
    }
    .into_any()
}

/// These pages are in the whole app, which loader.js loads at their addresses; there is nothing at any other.
#[component]
fn Elsewhere() -> impl IntoView {
    let path = use_location().pathname;
    view! {
        {move || {
            let path = path.get();
            if !is_in_whole(&path) {
                return view! { <NotFoundPage/> }.into_any();
            }
            // By its name, since the address bar may not have it yet. A browser that refuses shows that it loads.
            let _ = window().location().replace(&path);
            view! { <Loading what=say!(pages.staff_only.loading) lines=6/> }.into_any()
        }}
    }
}

/// Whether an address is one of the staff's.
pub(crate) fn is_for_staff(path: &str) -> bool {
    is_below(path, &["/queue", "/analytics", "/staff"])
}

/// Whether an address is one that only the whole app has. loader.js tells them in the same way.
fn is_in_whole(path: &str) -> bool {
    is_for_staff(path)
        || is_below(path, &["/search", "/articles"])
        || path.ends_with("/history")
        || path.ends_with("/edit")
}

fn is_below(path: &str, pages: &[&str]) -> bool {
    pages
        .iter()
        .filter_map(|page| path.strip_prefix(page))
        .any(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_staffs_pages_are_known_by_their_addresses() {
        assert!(["/queue", "/staff/rooms", "/analytics/"].into_iter().all(is_for_staff));
        // loader.js must tell them alike, or the page would be loaded for ever.
        assert!(
            include_str!("../loader.js")
                .contains(r"/^\/(queue|analytics|staff|search|articles)(\/|$)|\/(history|edit)$/")
        );
        assert!(
            ["/search", "/articles/7/edit", "/tickets/7/history", "/tickets/7/edit"]
                .into_iter()
                .all(is_in_whole)
        );
        assert!(!["/search", "/articles"].into_iter().any(is_for_staff));
        assert!(!["/", "/staffing", "/tickets/7", "/report"].into_iter().any(is_for_staff));
    }
}

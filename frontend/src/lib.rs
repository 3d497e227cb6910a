//! The single-page app of Campus Desk.
//!
//! *Pages* answer routes and are made of *components*; what outlives a page is *state*, kept in this browser; only
//! `api` makes requests, and every request that fails ends in a `failure::Failure`.
//!
//! There are two programs of it: the whole app, and one without the staff's side. index.html decides which one it loads.

#![expect(unreachable_pub, reason = "the component macro makes every component public")]

use leptos::prelude::AnyView;

mod api;
mod app;
mod components;
mod failure;
mod format;
mod pages;
mod routes;
mod state;
mod texts;

/// Starts the whole app, for staff.
pub fn start() {
    mount(Some(pages::STAFF_SIDE), routes::all);
}

/// Starts the app without the staff's side, which most people never see.
pub fn start_for_users() {
    mount(None, routes::for_users);
}

fn mount(staff_side: Option<pages::StaffSide>, routes: fn() -> AnyView) {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(move || app::App(app::AppProps { staff_side, routes }));
}

//! The single-page app of Campus Desk.
//!
//! *Pages* answer routes and are made of *components*; what outlives a page is *state*, kept in this browser; only
//! `api` makes requests, and every request that fails ends in a [`failure::Failure`].

#![expect(unreachable_pub, reason = "the component macro makes every component public")]

mod api;
mod app;
mod components;
mod failure;
mod format;
mod pages;
mod state;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
    // What index.html showed until now.
    if let Some(shell) = leptos::prelude::document().get_element_by_id("shell") {
        shell.remove();
    }
}

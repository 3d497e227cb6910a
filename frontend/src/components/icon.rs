//! Icons, drawn on a grid of 20 pixels for this project. They only repeat what a word says, so they are hidden from
//! screen readers.

use api_types::{Category, Status};
use leptos::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Picture {
    /// A ticket in a status.
    Status(Status),
    /// A desk.
    Category(Category),
    /// A note only staff see.
    Lock,
    /// Something to look at.
    Warning,
    /// Something that worked.
    Check,
    /// A place.
    Place,
    /// A thread.
    Messages,
    /// The mark of the desk: a counter bell.
    Bell,
    /// A file.
    Download,
    /// Somebody looks.
    Eye,
    /// Somebody writes.
    Pen,
    /// Light and dark.
    Contrast,
    /// Several people.
    People,
    /// Something to read.
    Book,
}

impl Picture {
    const fn shapes(self) -> &'static str {
        match self {
            Self::Status(Status::Open) => r#"<circle cx="10" cy="10" r="6.5"/>"#,
            Self::Status(Status::Active) => {
                r#"<circle cx="10" cy="10" r="6.5"/><path d="M10 3.5a6.5 6.5 0 0 1 0 13z" fill="currentColor"/>"#
            }
            Self::Status(Status::Closed) => {
                r#"<circle cx="10" cy="10" r="6.5" fill="currentColor"/><path d="m7 10.2 2.1 2.1 4-4.4" stroke="var(--surface)"/>"#
            }
            Self::Category(Category::Facility) => {
                r#"<path d="M16.3 6.300a4 4 0 0 1-5.400 4.600l-5 5a1.600 1.600 0 0 1-2.300-2.300l5-5a4 4 0 0 1 4.600-5.400L10.900 5.500l.7 2.700 2.700.7z"/>"#
            }
            Self::Category(Category::It) => {
                r#"<path d="M3 8.500a10 10 0 0 1 14 0M5.500 11.300a6.400 6.400 0 0 1 9 0M8 14a2.800 2.800 0 0 1 4 0M10 16.500v.1"/>"#
            }
            Self::Category(Category::Services) => {
                r#"<path d="M3 10h14a7 7 0 0 1-4.500 6h-5A7 7 0 0 1 3 10zM8 6.500c0-1.200 1-1.200 1-2.500M11.500 6.500c0-1.200 1-1.200 1-2.500"/>"#
            }
            Self::Lock => {
                r#"<rect x="4.5" y="9" width="11" height="7.5" rx="1.5"/><path d="M7 9V6.500a3 3 0 0 1 6 0V9"/>"#
            }
            Self::Warning => r#"<path d="M10 3.5 17.5 16.500h-15zM10 8.500v3.500M10 14.300v.2"/>"#,
            Self::Check => r#"<path d="m4 10.5 4 4 8-9"/>"#,
            Self::Place => {
                r#"<path d="M10 17.500S4.5 12.3 4.5 8.200a5.5 5.5 0 0 1 11 0c0 4.1-5.5 9.3-5.5 9.300z"/><circle cx="10" cy="8.2" r="1.8"/>"#
            }
            Self::Messages => r#"<path d="M3.5 4.500h13v9h-7l-3.5 3v-3h-2.500z"/>"#,
            Self::Bell => {
                r#"<path d="M3.5 14a6.5 6.5 0 0 1 13 0zM2.5 16.500h15M10 7.500V5M8.5 4.800h3"/>"#
            }
            Self::Eye => {
                r#"<path d="M2.5 10s2.800-5 7.500-5 7.500 5 7.500 5-2.800 5-7.500 5-7.500-5-7.500-5z"/><circle cx="10" cy="10" r="2.200"/>"#
            }
            Self::Pen => r#"<path d="m4 16 .8-3.500L13.500 3.800l2.700 2.700L7.500 15.200z"/>"#,
            Self::Contrast => {
                r#"<circle cx="10" cy="10" r="6.5"/><path d="M10 3.500a6.500 6.500 0 0 0 0 13z" fill="currentColor"/>"#
            }
            Self::People => {
                r#"<circle cx="7.500" cy="7" r="2.500"/><path d="M3 16a4.500 4.500 0 0 1 9 0M12.5 4.800a2.500 2.500 0 0 1 0 4.400M14 11.800a4.500 4.500 0 0 1 3 4.200"/>"#
            }
            Self::Book => {
                r#"<path d="M10 5.500c-2-1.500-4.500-1.500-6.500-1v11c2-.5 4.500-.5 6.500 1 2-1.500 4.500-1.500 6.500-1v-11c-2-.5-4.500-.5-6.500 1zv11"/>"#
            }
            Self::Download => r#"<path d="M10 3v9.500M6 9l4 4 4-4M3.5 16.500h13"/>"#,
        }
    }
}

/// An icon beside a word.
#[component]
pub(crate) fn Icon(picture: Picture) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" inner_html=picture.shapes()></svg> }
}

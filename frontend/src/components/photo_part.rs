//! Elements of the module `frontend/photos`, which draw themselves once it is loaded.

use leptos::{prelude::*, tachys::html::element::custom};

/// An element of the module, by its name, that is told in JSON what it is about, and told again when that changes.
pub(crate) fn photo_part(
    name: &'static str,
    about: impl Fn() -> String + Send + 'static,
) -> AnyView {
    // In a box, so that there is one of it in the file that every first visit loads.
    let about: Box<dyn Fn() -> String + Send> = Box::new(about);
    custom(name).attr("about", about).into_any()
}

//! Pages that everyone may see and that only the whole app has: most people never need them.

use leptos::prelude::*;

use super::{NotFoundPage, StaffSide};

/// A page of the whole app.
#[component]
pub(crate) fn InWhole(
    /// The page among those of the whole app.
    page: fn(StaffSide) -> AnyView,
) -> impl IntoView {
    match expect_context::<Option<StaffSide>>() {
        Some(side) => page(side),
        None => view! { <NotFoundPage/> }.into_any(),
    }
}

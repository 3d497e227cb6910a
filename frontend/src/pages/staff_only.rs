//! Keeps pages of the help desk from users, and says how to become staff.

use leptos::prelude::*;
use leptos_router::components::A;

use super::{StaffSide, name_tab};
use crate::{components::Loading, state::Session};

/// Shows its page to staff, and to users the way to it.
#[component]
pub(crate) fn StaffOnly(
    /// The page among those of the staff's side.
    page: fn(StaffSide) -> AnyView,
) -> impl IntoView {
    let session = Session::expect();
    let staff_side = expect_context::<Option<StaffSide>>();
    let is_staff = Memo::new(move |_| session.is_staff());
    move || match (is_staff.get(), staff_side) {
        (true, Some(staff_side)) => page(staff_side),
        (true, None) => {
            // At this address index.html loads the whole app. A browser that refuses shows that it loads.
            let _ = window().location().reload();
            view! { <Loading what="Loading the help desk" lines=6/> }.into_any()
        }
        (false, _) => {
            name_tab("For staff");
            view! {
                <section class="narrow">
                    <h1>"This page is for staff"</h1>
                    <p>"You are here as user. "<A href="/?as=staff">"Enter as staff"</A>" to see it, or go to the "
                        <A href="/tickets">"open tickets"</A>"."</p>
                </section>
            }
            .into_any()
        }
    }
}

//! Keeps pages of the help desk from users, and says how to become staff.

use leptos::prelude::*;
use leptos_router::components::A;

use super::name_tab;
use crate::state::Session;

/// Shows its page to staff, and to users the way to it.
#[component]
pub(crate) fn StaffOnly(children: ChildrenFn) -> impl IntoView {
    let session = Session::expect();
    let is_staff = Memo::new(move |_| session.is_staff());
    move || {
        if is_staff.get() {
            return children().into_any();
        }
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

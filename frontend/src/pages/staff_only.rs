//! Keeps pages of the help desk from users, and says how to become staff.

use leptos::prelude::*;
use leptos_router::components::A;

use super::{StaffSide, name_tab};
use crate::{state::Session, texts::say};

/// Shows its page to staff, and to users the way to it.
#[component]
pub(crate) fn StaffOnly(
    /// The page among those of the staff's side.
    page: fn(StaffSide) -> AnyView,
) -> impl IntoView {
    let session = Session::expect();
    let staff_side = expect_context::<Option<StaffSide>>();
    let is_staff = Memo::new(move |_| session.is_staff());
    view! {
        {move || match staff_side.filter(|_| is_staff.get()) {
            Some(staff_side) => page(staff_side),
            None => {
                name_tab(say!(pages.staff_only.tab));
                view! {
                    <section class="narrow">
                        <h1>{say!(pages.staff_only.heading)}</h1>
                        <p>{say!(pages.staff_only.here_as_user)}</p>
                        <p class="actions">
                            <A href="/?as=staff" attr:class="button primary">{say!(door.enter_staff)}</A>
                            <A href="/tickets" attr:class="button">{say!(app.nav.tickets)}</A>
                        </p>
                    </section>
                }
                .into_any()
            }
        }}
    }
}

//! The door: one enters as user, or as staff by choosing oneself from the roster.

use api_types::limits::NAME_MAX;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use super::{StaffSide, name_tab};
use crate::{
    components::{TextField, press},
    state::Session,
    texts::say,
};

/// The door.
#[component]
pub(crate) fn DoorPage() -> impl IntoView {
    name_tab(say!(door.tab));
    let session = Session::expect();
    let navigate = use_navigate();
    let query = use_query_map();
    let staff_side = expect_context::<Option<StaffSide>>();
    let choosing = RwSignal::new(query.read_untracked().get_str("as") == Some("staff"));
    let name = RwSignal::new(session.user_name().unwrap_or_default());
    let as_user = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        session.name_user(&name.get_untracked());
        session.enter_as_user();
        navigate("/report", NavigateOptions::default());
    };
    view! {
        <section class="door">
            <h1>{say!(door.heading)}</h1>
            <p class="lead">{say!(door.lead)}</p>
            <div class="doors">
                <form class="panel" on:submit=as_user>
                    <h2>{say!(door.for_users)}</h2>
                    <TextField id="door-name" label=say!(door.name) value=name max=NAME_MAX
                        hint=say!(door.name_hint)/>
                    <button type="submit" class="primary">{say!(door.enter_user)}</button>
                </form>
                <div class="panel">
                    <h2>{say!(door.for_staff)}</h2>
                    {move || match staff_side.filter(|_| choosing.get()) {
                        Some(side) => (side.choose_member)(),
                        None => view! {
                            <p>{say!(door.staff_can)}</p>
                            <button type="button" on:click=press(move || match staff_side {
                                Some(_) => choosing.set(true),
                                None => load_staff_door(),
                            })>{say!(door.enter_staff)}</button>
                        }.into_any()
                    }}
                </div>
            </div>
        </section>
    }
}

/// Goes to the staff's half of the door, for which loader.js loads the whole app.
pub(crate) fn load_staff_door() {
    // A browser that refuses stays where it is.
    let _ = window().location().set_href("/?as=staff");
}

//! The staff's half of the door: one chooses oneself from the roster, or adds oneself.

use api_types::{Role, Staff, StaffRef, limits::NAME_MAX};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{
    api,
    components::{FailureBox, Loading, TextField, press},
    failure::Failure,
    state::{Loaded, Session},
    texts::say,
};

/// The roster, to choose oneself from or to add oneself to.
#[component]
pub(super) fn ChooseMember() -> impl IntoView {
    let session = Session::expect();
    let navigate = use_navigate();
    let enter = Callback::new(move |staff: StaffRef| {
        session.enter_as_staff(staff);
        navigate("/queue", NavigateOptions::default());
    });
    let roster = Loaded::new(move || {
        let who = session.who();
        async move { api::list_staff(&who).await }
    });
    view! {
        {move || match roster.get() {
            None => view! { <Loading what=say!(door.loading)/> }.into_any(),
            Some(Err(failure)) => view! {
                <FailureBox failure retry=Callback::new(move |()| roster.refetch())/>
            }.into_any(),
            Some(Ok(page)) => view! { <Members members=page.items enter/> }.into_any(),
        }}
        <AddMyself enter/>
    }
}

#[component]
fn Members(members: Vec<Staff>, enter: Callback<StaffRef>) -> impl IntoView {
    let members: Vec<Staff> = members.into_iter().filter(|member| member.active).collect();
    if members.is_empty() {
        return view! { <p>{say!(door.nobody)}</p> }.into_any();
    }
    view! {
        <p>{say!(door.who)}</p>
        <ul class="members" aria-label=say!(door.roster)>
            {members.into_iter().map(|member| {
                let chosen = StaffRef { id: member.id, name: member.name.clone() };
                view! {
                    <li><button type="button" on:click=press(move || enter.run(chosen.clone()))>{member.name}</button></li>
                }
            }).collect_view()}
        </ul>
    }
    .into_any()
}

/// Adds somebody who is not on the roster yet, and enters as them.
#[component]
fn AddMyself(enter: Callback<StaffRef>) -> impl IntoView {
    let session = Session::expect();
    let name = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // Whoever stands at this door says they are staff; nobody can add themselves as user.
        let who = api::Who { role: Role::Staff, ..session.who_now() };
        let wanted = name.get_untracked();
        busy.set(true);
        spawn_local(async move {
            let added = api::add_staff(&who, wanted).await;
            busy.try_set(false);
            match added {
                Ok(Staff { id, name, .. }) => {
                    enter.try_run(StaffRef { id, name });
                }
                Err(cause) => {
                    failure.try_set(Some(cause));
                }
            }
        });
    };
    view! {
        <form class="inline" on:submit=add>
            <TextField id="door-staff-name" label=say!(door.not_listed) value=name max=NAME_MAX
                error=Signal::derive(move || failure.read().as_ref().map(Failure::sentence))/>
            <button type="submit" disabled=move || busy.get()>{say!(door.add_me)}</button>
        </form>
    }
}

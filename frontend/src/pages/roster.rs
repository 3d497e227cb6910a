//! The roster of the help desk: add, rename, deactivate.

use api_types::{Staff, StaffEdit, StaffRef, limits::NAME_MAX};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::components::A;

use super::name_tab;
use crate::{
    api,
    components::{Empty, FailureBox, Loading, TextField, press},
    failure::Failure,
    state::{Loaded, Session},
    texts::say,
};

/// The roster.
#[component]
pub(crate) fn RosterPage() -> impl IntoView {
    name_tab(say!(roster.title));
    let session = Session::expect();
    let roster = Loaded::new(move || {
        let who = session.who();
        async move { api::list_staff(&who).await.map(|page| page.items) }
    });
    let changed = Callback::new(move |()| roster.refetch());
    view! {
        <section class="narrow">
            <h1>{say!(roster.title)}</h1>
            <p class="muted">{say!(roster.about)}</p>
            <p><A href="/staff/rooms">{say!(rooms.title)}</A></p>
            <AddMember changed/>
            {move || match roster.get() {
                None => view! { <Loading what=say!(roster.loading) lines=4/> }.into_any(),
                Some(Err(failure)) => view! { <FailureBox failure retry=changed/> }.into_any(),
                Some(Ok(members)) if members.is_empty() => view! {
                    <Empty title=say!(roster.empty)><p>{say!(roster.add_first)}</p></Empty>
                }.into_any(),
                Some(Ok(members)) => view! {
                    <ul class="roster" aria-label=say!(roster.list)>
                        {members.into_iter().map(|member| view! { <Member member changed/> }.into_any()).collect_view()}
                    </ul>
                }.into_any(),
            }}
        </section>
    }
}

#[component]
fn AddMember(changed: Callback<()>) -> impl IntoView {
    let session = Session::expect();
    let name = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (who, wanted) = (session.who_now(), name.get_untracked());
        busy.set(true);
        spawn_local(async move {
            let added = api::add_staff(&who, wanted).await;
            // The page may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            failure.set(added.as_ref().err().cloned());
            if added.is_ok() {
                name.set(String::new());
                changed.run(());
            }
        });
    };
    let error = Signal::derive(move || failure.read().as_ref().map(Failure::sentence));
    view! {
        <form class="inline panel" on:submit=add>
            <TextField id="new-member" label=say!(roster.new_member) value=name max=NAME_MAX error/>
            <button type="submit" class="primary" disabled=move || busy.get() || name.read().trim().is_empty()>{say!(roster.add)}</button>
        </form>
    }
}

#[component]
fn Member(member: Staff, changed: Callback<()>) -> impl IntoView {
    let session = Session::expect();
    let Staff { id, name, active } = member;
    let renaming = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let edit = Callback::new(move |edit: StaffEdit| {
        let who = session.who_now();
        spawn_local(async move {
            match api::edit_staff(&who, id, edit).await {
                Ok(Staff { id, name, .. }) => {
                    // One's own new name is shown at the top at once.
                    if session.staff().is_some_and(|me| me.id == id) {
                        session.enter_as_staff(StaffRef { id, name });
                    }
                    changed.try_run(());
                }
                Err(cause) => {
                    failure.try_set(Some(cause));
                }
            }
        });
    });
    let own_name = name.clone();
    let shown = name.clone();
    view! {
        <li class:inactive=!active>
            {move || if renaming.get() {
                view! { <Rename name=own_name.clone() edit renaming/> }.into_any()
            } else {
                let name = shown.as_str();
                let (word, label) = if active {
                    (say!(roster.deactivate), say!(roster.deactivate_member, name = name))
                } else {
                    (say!(roster.activate), say!(roster.activate_member, name = name))
                };
                let rename = say!(roster.rename_member, name = name);
                view! {
                    <span class="member-name">{shown.clone()}{(!active).then(|| view! { <span class="tag">{say!(roster.not_active)}</span> }.into_any())}</span>
                    <span class="actions">
                        <button type="button" class="quiet small" aria-label=rename on:click=press(move || renaming.set(true))>{say!(roster.rename)}</button>
                        <button type="button" class="quiet small" aria-label=label
                            on:click=press(move || edit.run(StaffEdit { active: Some(!active), name: None }))>{word}</button>
                    </span>
                }.into_any()
            }}
            {move || failure.get().map(|failure| view! { <FailureBox failure/> }.into_any())}
        </li>
    }
}

#[component]
fn Rename(name: String, edit: Callback<StaffEdit>, renaming: RwSignal<bool>) -> impl IntoView {
    let typed = RwSignal::new(name);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        edit.run(StaffEdit { name: Some(typed.get_untracked()), active: None });
    };
    view! {
        <form class="inline" on:submit=save>
            <TextField id="rename-member" label=say!(roster.new_name) value=typed max=NAME_MAX/>
            <button type="submit" class="primary" disabled=move || typed.read().trim().is_empty()>{say!(roster.save_name)}</button>
            <button type="button" class="quiet" on:click=press(move || renaming.set(false))>{say!(roster.cancel)}</button>
        </form>
    }
}

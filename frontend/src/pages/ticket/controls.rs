//! What can be done with a ticket: its next step, who works on it, which desk it belongs to.

use api_types::{Category, CategoryBy, Staff, StaffId, Status, limits::RESOLUTION_MAX};
use leptos::prelude::*;

use super::Desk;
use crate::{
    api,
    components::{Choice, Icon, Picture, TextField, press},
    format::category_word,
    state::{Draft, Loaded, follow, was_reported_here},
    texts::say,
};

/// What staff can do with an open or active ticket.
#[component]
pub(in crate::pages) fn StaffControls(desk: Desk) -> impl IntoView {
    let open = Memo::new(move |_| desk.ticket.read().status != Status::Closed);
    view! {
        {move || {
            open.get().then(|| {
                view! {
                    <section class="controls panel">
                        <h2>{say!(ticket.controls.heading)}</h2>
                        <NextStep desk/>
                        <AssigneeChoice desk/>
                        <p class="label">{say!(ticket.controls.category)}</p>
                        <CategoryChoice desk/>
                    </section>
                }
                .into_any()
            })
        }}
    }
}

/// The category, for who reported the ticket from this browser: they may correct it until staff have decided.
#[component]
pub(super) fn ReporterControls(desk: Desk) -> impl IntoView {
    let id = desk.ticket.read_untracked().id;
    let mine = Memo::new(move |_| {
        let ticket = desk.ticket.read();
        ticket.status != Status::Closed
            && ticket.category_by != CategoryBy::Staff
            && was_reported_here(id)
    });
    view! {
        {move || {
            mine.get().then(|| {
                view! {
                    <section class="controls panel">
                        <h2>{say!(ticket.controls.wrong_category)}</h2><CategoryChoice desk/>
                    </section>
                }
                .into_any()
            })
        }}
    }
}

#[component]
fn NextStep(desk: Desk) -> impl IntoView {
    let status = Memo::new(move |_| desk.ticket.read().status);
    let step = move |to: Status, resolution: Option<String>| {
        let said = if to == Status::Closed {
            say!(ticket.controls.now_closed)
        } else {
            say!(ticket.controls.now_active)
        };
        desk.change(
            said,
            move |current| current.status == to,
            |who, ticket| async move {
                api::step_status(&who, ticket.id, ticket.version, to, resolution).await
            },
        );
    };
    view! {
        {move || match status.get() {
            Status::Open => view! {
                <button type="button" class="primary" disabled=move || desk.busy.get()
                    on:click=press(move || step(Status::Active, None))>{say!(ticket.controls.start)}</button>
            }
            .into_any(),
            Status::Active => {
                view! { <CloseForm desk close=move |text| step(Status::Closed, Some(text))/> }
                    .into_any()
            }
            Status::Closed => ().into_any(),
        }}
    }
}

/// Asks what was done, and closes.
#[component]
fn CloseForm(
    desk: Desk,
    /// Closes with this resolution.
    #[prop(into)]
    close: Callback<String>,
) -> impl IntoView {
    let draft = StoredValue::new(format!("close.{}", desk.ticket.read_untracked().id));
    let resolution = RwSignal::new(Draft::<String>::load(&draft.get_value()).typed);
    follow(move || Draft { typed: resolution.get(), frozen: None }.keep(&draft.get_value()));
    // Once it is closed there is nothing left to write.
    on_cleanup(move || {
        let closed = desk.ticket.try_with_untracked(|ticket| ticket.status == Status::Closed);
        if closed == Some(true) {
            Draft::<String>::default().keep(&draft.get_value());
        }
    });
    let error = Signal::derive(move || {
        desk.failure.read().as_ref().and_then(|cause| cause.field("resolution"))
    });
    let empty = move || resolution.read().trim().is_empty();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !resolution.read_untracked().trim().is_empty() {
            close.run(resolution.get_untracked());
        }
    };
    view! {
        <form on:submit=submit>
            <TextField id="resolution" label=say!(ticket.controls.what_was_done) value=resolution rows=3
                max=RESOLUTION_MAX error hint=say!(ticket.controls.read_by)/>
            <button type="submit" class="primary" disabled=move || desk.busy.get() || empty()>
                {say!(ticket.controls.close)}
            </button>
        </form>
    }
}

#[component]
fn AssigneeChoice(desk: Desk) -> impl IntoView {
    let roster = Loaded::new(move || {
        let who = desk.session.who();
        async move { api::list_staff(&who).await.map(|page| page.items).unwrap_or_default() }
    });
    let assignee = Memo::new(move |_| desk.ticket.read().assignee.clone());
    let options = Signal::derive(move || {
        let mut options = vec![(String::new(), say!(ticket.nobody_yet).to_owned())];
        let members = roster.get().unwrap_or_default();
        let current = assignee.get();
        let kept = |member: &Staff| {
            member.active || current.as_ref().is_some_and(|one| one.id == member.id)
        };
        options
            .extend(members.iter().filter(|m| kept(m)).map(|m| (m.id.to_string(), m.name.clone())));
        // Until the roster is there, the one it is assigned to stands for it.
        if let Some(one) = current.as_ref().filter(|one| !members.iter().any(|m| m.id == one.id)) {
            options.push((one.id.to_string(), one.name.clone()));
        }
        options
    });
    let assign = move |to: Option<StaffId>| {
        desk.change(
            if to.is_some() {
                say!(ticket.controls.assigned)
            } else {
                say!(ticket.controls.given_back)
            },
            move |current| current.assignee.as_ref().map(|staff| staff.id) == to,
            |who, ticket| async move { api::set_assignee(&who, ticket.id, ticket.version, to).await },
        );
    };
    let me = move || desk.session.staff().map(|staff| staff.id);
    let mine = move || assignee.read().as_ref().map(|staff| staff.id) == me();
    view! {
        <Choice id="assignee" label=say!(ticket.assigned_to) options
            value=Signal::derive(move || assignee.read().as_ref().map(|staff| staff.id.to_string()).unwrap_or_default())
            locked=Signal::derive(move || desk.busy.get())
            on_change=move |raw: String| assign(raw.parse().ok())/>
        {move || (!mine()).then(|| view! {
            <button type="button" class="quiet" disabled=move || desk.busy.get() on:click=press(move || assign(me()))>
                {say!(ticket.controls.to_me)}
            </button>
        }.into_any())}
    }
}

/// The three desks, a tap each. Staff who tap the one it is for already confirm it.
#[component]
fn CategoryChoice(desk: Desk) -> impl IntoView {
    let is_now = move |category| desk.ticket.read().category == category;
    let choose = move |category: Category| {
        desk.change(
            say!(ticket.controls.now_for, category = category_word(category)),
            move |current| {
                current.category == category && current.category_by != CategoryBy::Automatic
            },
            |who, ticket| async move {
                api::set_category(&who, ticket.id, ticket.version, category).await
            },
        );
    };
    let button = move |category: Category| {
        view! {
            <button type="button" aria-pressed=move || is_now(category).to_string()
                disabled=move || desk.busy.get() on:click=press(move || choose(category))>
                <Icon picture=Picture::Category(category)/>{category_word(category)}
            </button>
        }
    };
    view! {
        <div class="one-of" role="group" aria-label=say!(ticket.controls.category)>
            {Category::ALL.iter().map(|category| button(*category)).collect_view()}
        </div>
    }
}

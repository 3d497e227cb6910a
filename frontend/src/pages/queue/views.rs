//! Views: filters that this browser keeps under a name.

use api_types::{TicketQuery, limits::NAME_MAX};
use leptos::{html, prelude::*};

use crate::{
    components::{TextField, press},
    pages::list::query_text,
    state::{SavedView, add_view, keep_views, load_views},
    texts::say,
};

/// The views, and a way to keep the present filters as one more.
#[component]
pub(super) fn Views(query: Memo<TicketQuery>) -> impl IntoView {
    let views = RwSignal::new(load_views());
    let said = RwSignal::new(String::new());
    let group = NodeRef::<html::Div>::new();
    let now = Memo::new(move |_| query_text(&query.read()));
    let change = move |change: &dyn Fn(&mut Vec<SavedView>), word: String| {
        // Another tab may have kept one meanwhile.
        let mut kept = load_views();
        change(&mut kept);
        keep_views(&kept);
        views.set(kept);
        said.set(word);
        // What had the focus is gone. A browser that refuses it leaves it at the top of the page.
        if let Some(group) = group.get_untracked() {
            let _ = group.focus();
        }
    };
    let add = move |name: String| {
        let view = SavedView { name, query: now.get_untracked() };
        change(
            &|views| add_view(views, view.clone()),
            say!(queue.views.saved_as, name = view.name.as_str()),
        );
    };
    let forget = Callback::new(move |name: String| {
        let word = say!(queue.views.forgotten, name = name.as_str());
        change(&|views| views.retain(|one| one.name != name), word);
    });
    let any = Memo::new(move |_| !views.read().is_empty());
    let is_new = Memo::new(move |_| {
        let now = now.read();
        !now.is_empty() && !views.read().iter().any(|view| view.query == *now)
    });
    view! {
        <div class="views" role="group" aria-label=say!(queue.views.label) tabindex="-1" node_ref=group>
            {move || any.get().then(|| view! {
                <ul aria-label=say!(queue.views.saved)>
                    <For each=move || views.get() key=|view| (view.name.clone(), view.query.clone()) let:view>
                        <View view now forget/>
                    </For>
                </ul>
            }.into_any())}
            {move || is_new.get().then(|| view! { <SaveForm save=add/> }.into_any())}
            <p class="hidden" role="status">{said}</p>
        </div>
    }
}

#[component]
fn View(
    view: SavedView,
    now: Memo<String>,
    /// Called with the name of a view that is not wanted any more.
    forget: Callback<String>,
) -> impl IntoView {
    let SavedView { name, query } = view;
    let href = format!("/queue{query}");
    // The path is the same for all views, so this is no link that could say by itself whether it is the current one.
    let current = move || (*now.read() == query).then_some("true");
    let label = say!(queue.views.forget, name = name.as_str());
    view! {
        <li>
            <a href=href aria-current=current>{name.clone()}</a>
            <button type="button" class="quiet" aria-label=label on:click=press(move || forget.run(name.clone()))>"×"</button>
        </li>
    }
}

/// Asks for a name.
#[component]
fn SaveForm(
    /// Called with the name.
    #[prop(into)]
    save: Callback<String>,
) -> impl IntoView {
    let asking = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let is_fit = move || (1..=NAME_MAX).contains(&name.read().trim().chars().count());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if is_fit() {
            save.run(name.get_untracked().trim().to_owned());
        }
    };
    view! {
        {move || {
            if asking.get() {
                view! {
                    <form class="inline" on:submit=submit>
                        <TextField id="view-name" label=say!(queue.views.name) value=name max=NAME_MAX takes_focus=true/>
                        <button type="submit" class="primary" disabled=move || !is_fit()>{say!(queue.views.save)}</button>
                        <button type="button" class="quiet" on:click=press(move || asking.set(false))>{say!(queue.views.cancel)}</button>
                    </form>
                }
                .into_any()
            } else {
                view! { <button type="button" class="quiet" on:click=press(move || asking.set(true))>{say!(queue.views.save_this)}</button> }
                    .into_any()
            }
        }}
    }
}

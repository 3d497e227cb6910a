//! The queue by keyboard: the focus goes from row to row, and what a row can do is a key.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, FocusOptions, HtmlElement};

use crate::{
    state::{keep_keys, load_keys},
    texts::say,
};

/// The keys, which are the same in every language, and what they do.
fn keys() -> [(&'static str, &'static str); 5] {
    [
        ("j", say!(queue.keys.next)),
        ("k", say!(queue.keys.before)),
        ("Enter", say!(queue.keys.open)),
        ("x", say!(queue.keys.select)),
        ("?", say!(queue.keys.list)),
    ]
}

/// Listens for the keys and shows which there are.
#[component]
pub(super) fn Keys() -> impl IntoView {
    let shown = RwSignal::new(false);
    // Whoever speaks to the computer may say a letter without meaning a key (WCAG 2.1.4).
    let on = RwSignal::new(load_keys());
    let last = StoredValue::new(String::new());
    let pressed = window_event_listener(ev::keydown, move |event| {
        if !on.get_untracked()
            || event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || !is_here()
        {
            return;
        }
        let known = match event.key().as_str() {
            "j" => go(1, last),
            "k" => go(-1, last),
            "x" => tick(),
            "?" => {
                shown.update(|shown| *shown = !*shown);
                true
            }
            "Escape" if shown.get_untracked() => {
                shown.set(false);
                true
            }
            _ => false,
        };
        if known {
            event.prevent_default();
        }
    });
    on_cleanup(move || pressed.remove());
    view! {
        <button type="button" class="quiet keys-button" aria-expanded=move || shown.get().to_string() aria-controls="keys"
            on:click=move |_| shown.update(|shown| *shown = !*shown)>{say!(queue.keys.label)}</button>
        <div id="keys" role="status">
            {move || shown.get().then(|| view! {
                <div class="panel">
                    <dl class="keys">
                        {keys().map(|(key, what)| view! { <div><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div> }.into_any()).collect_view()}
                    </dl>
                    <label class="check">
                        <input type="checkbox" prop:checked=move || on.get() on:change:target=move |event| {
                            on.set(event.target().checked());
                            keep_keys(on.get_untracked());
                        }/>
                        {say!(queue.keys.switch)}
                    </label>
                </div>
            }.into_any())}
        </div>
    }
}

/// Whether a letter is meant for the rows: the focus is in them, or nowhere.
fn is_here() -> bool {
    document().active_element().is_none_or(|element| {
        element
            .matches("body, #main, .rows *, .title-row button, .views :is(a, button)")
            .unwrap_or(false)
    })
}

/// The links that lead from the rows to their tickets, in order.
fn links() -> Vec<HtmlElement> {
    let Ok(found) = document().query_selector_all(".rows .title a") else { return Vec::new() };
    (0..found.length()).filter_map(|n| found.get(n)?.dyn_into().ok()).collect()
}

/// The row that the focus is in.
fn focused_row() -> Option<Element> {
    document().active_element()?.closest(".rows tbody tr").ok().flatten()
}

/// Keeps the focus in its row while the rows change, and is called before they do: a ticket that changed gets a new
/// row, and the one before goes with the focus in it.
pub(super) fn hold_focus() {
    let find = |row: Element| row.query_selector(".title a").ok()??.get_attribute("href");
    let Some(href) = focused_row().and_then(find) else { return };
    let Some(focused) = document().active_element() else { return };
    queue_microtask(move || {
        // A focus that was lost is at the whole page; anywhere else it was put meanwhile.
        if document().active_element().is_some_and(|now| now.tag_name() != "BODY") {
            return;
        }
        let wanted = format!(".rows tr:has([href='{href}']) {}", focused.tag_name());
        let found = document().query_selector(&wanted).ok().flatten();
        if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            // The row may have another place now, and what one reads does not move for it.
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            // A browser that refuses the focus leaves it where it was.
            let _ = found.focus_with_options(&options);
        }
    });
}

/// Moves the focus so many rows on. Where it is in none, it goes on from the ticket that it was on last, or to the
/// first.
fn go(by: isize, last: StoredValue<String>) -> bool {
    let links = links();
    let row = focused_row();
    let in_row = |link: &HtmlElement| row.as_ref().is_some_and(|row| row.contains(Some(link)));
    let href = |link: &HtmlElement| link.get_attribute("href").unwrap_or_default();
    let was_last = |link: &HtmlElement| last.with_value(|last| *last == href(link));
    let here = links.iter().position(in_row).or_else(|| links.iter().position(was_last));
    let next = here.map_or(Some(0), |here| here.checked_add_signed(by));
    let Some(link) = next.and_then(|next| links.get(next)) else { return false };
    last.set_value(href(link));
    // A browser that refuses the focus leaves it where it was.
    let _ = link.focus();
    true
}

/// Ticks or unticks the row that the focus is in.
fn tick() -> bool {
    let found =
        focused_row().and_then(|row| row.query_selector("input[type=checkbox]").ok().flatten());
    let Some(tick) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) else {
        return false;
    };
    tick.click();
    true
}

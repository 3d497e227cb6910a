//! Form fields: each with its label, its limit and, beside it, what is wrong with it.

use leptos::{html, prelude::*};

use crate::texts::say;

/// A line or a box of text.
#[component]
pub(crate) fn TextField(
    /// Unique on the page.
    id: &'static str,
    /// For people.
    #[prop(into)]
    label: String,
    /// What is typed.
    value: RwSignal<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Lines of a box; one line unless given.
    #[prop(optional)]
    rows: Option<u32>,
    /// At most this many characters.
    #[prop(optional)]
    max: Option<usize>,
    /// A word of help below the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The id of a list of suggestions.
    #[prop(optional)]
    suggestions: Option<&'static str>,
    /// Whether it may not be changed now.
    #[prop(optional, into)]
    locked: Signal<bool>,
    /// Whether the focus goes into it when it appears; a line only.
    #[prop(optional)]
    takes_focus: bool,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    if takes_focus {
        input.on_load(|input| {
            // A browser that refuses the focus leaves it where it was.
            let _ = input.focus();
        });
    }
    let error_id = format!("{id}-error");
    let hint_id = format!("{id}-hint");
    let has_hint = hint.is_some();
    let described = {
        let (error_id, hint_id) = (error_id.clone(), hint_id.clone());
        move || match (error.get().is_some(), has_hint) {
            (true, _) => Some(error_id.clone()),
            (false, true) => Some(hint_id.clone()),
            (false, false) => None,
        }
    };
    let invalid = move || error.get().is_some().then_some("true");
    let field = match rows {
        Some(rows) => view! {
            <textarea id=id rows=rows prop:value=move || value.get() disabled=move || locked.get()
                on:input:target=move |event| value.set(event.target().value())
                aria-describedby=described aria-invalid=invalid></textarea>
        }
        .into_any(),
        None => view! {
            <input id=id node_ref=input type="text" autocomplete="off" list=suggestions prop:value=move || value.get()
                disabled=move || locked.get()
                on:input:target=move |event| value.set(event.target().value())
                aria-describedby=described aria-invalid=invalid/>
        }
        .into_any(),
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> }.into_any())}
            {field}
            {max.map(|max| view! { <Counter value max/> }.into_any())}
            {move || error.get().map(|error| view! { <p class="error" id=error_id.clone()>{error}</p> }.into_any())}
        </div>
    }
}

/// Says how many characters are left once they run short.
#[component]
fn Counter(value: RwSignal<String>, max: usize) -> impl IntoView {
    let count = Memo::new(move |_| value.read().chars().count());
    view! {
        {move || {
            let count = count.get();
            // In the last tenth it is worth saying.
            (count * 10 > max * 9).then(|| {
                let over = count > max;
                view! {
                    <p class="counter" class:error=over role="status">
                        {if over {
                            say!(app.characters_over, count = (count - max).to_string())
                        } else {
                            say!(app.characters_left, count = (max - count).to_string())
                        }}
                    </p>
                }
            })
        }}
    }
}

/// One of a few.
#[component]
pub(crate) fn Choice(
    /// Unique on the page.
    id: &'static str,
    /// For people.
    #[prop(into)]
    label: String,
    /// The value chosen.
    #[prop(into)]
    value: Signal<String>,
    /// Values with their words.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// Called with the value that is chosen next.
    #[prop(into)]
    on_change: Callback<String>,
    /// Whether it may not be changed now.
    #[prop(optional, into)]
    locked: Signal<bool>,
) -> impl IntoView {
    let rows = move || {
        options
            .get()
            .into_iter()
            .map(|(key, word)| {
                let own = key.clone();
                view! {
                    <option value=key prop:selected=move || value.get() == own>{word}</option>
                }
            })
            .collect_view()
    };
    view! {
        <div class="field choice">
            <label for=id>{label}</label>
            <select id=id disabled=move || locked.get()
                on:change:target=move |event| on_change.run(event.target().value())>
                {rows}
            </select>
        </div>
    }
}

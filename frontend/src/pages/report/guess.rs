//! What the classifier thinks of a text while it is typed, and a way to say that it is wrong.

use api_types::{Category, limits::CLASSIFY_MAX};
use leptos::prelude::*;

use crate::{
    api,
    components::{Icon, Picture, press},
    format::{category_scope, category_word, sureness},
    state::{Loaded, Session},
    texts::say,
};

/// The classifier's guess, or what the reporter chose instead.
#[component]
pub(super) fn CategoryGuess(
    /// What is typed, once it settles.
    text: ReadSignal<String>,
    /// The reporter's own answer.
    chosen: RwSignal<Option<Category>>,
) -> impl IntoView {
    let session = Session::expect();
    let choosing = RwSignal::new(false);
    let guess = Loaded::new(move || {
        let (who, text) = (session.who(), text.get());
        async move {
            let length = text.trim().chars().count();
            // A guess from a word or two would only distract.
            if !(8..=CLASSIFY_MAX).contains(&length) {
                return None;
            }
            // The desk classifies again on arrival: a preview that fails is not worth a word.
            api::classify(&who, text).await.ok()
        }
    });
    // Where the classifier is unsure, one question stands in the place of its guess.
    let is_unsure = Memo::new(move |_| {
        chosen.read().is_none() && guess.get().flatten().is_some_and(|guess| guess.unsure)
    });
    let sentence = move || {
        if let Some(category) = chosen.get() {
            return Some((category, say!(report.guess.chosen, desk = category_word(category))));
        }
        let guess = guess.get().flatten().filter(|guess| !guess.unsure)?;
        let word = category_word(guess.category);
        let share = sureness(guess.probabilities.of(guess.category));
        Some((guess.category, say!(report.guess.likely, desk = word, share = share)))
    };
    let choose = move |category: Option<Category>| {
        chosen.set(category);
        choosing.set(false);
    };
    view! {
        <div class="guess" aria-live="polite">
            {move || sentence().map(|(category, sentence)| view! {
                <p>
                    <Icon picture=Picture::Category(category)/>
                    <span>{sentence}</span>
                    <button type="button" class="quiet small" aria-expanded=move || choosing.get().to_string()
                        on:click=press(move || choosing.update(|open| *open = !*open))>
                        {move || if chosen.get().is_some() { say!(report.guess.change) } else { say!(report.guess.not_right) }}
                    </button>
                </p>
            }.into_any())}
            {move || (choosing.get() || is_unsure.get()).then(|| view! {
                <fieldset class="desks">
                    <legend>{if is_unsure.get_untracked() { say!(report.guess.unsure) } else { say!(report.guess.who) }}</legend>
                    {Category::ALL.iter().map(|category| {
                        let category = *category;
                        view! {
                            <button type="button" aria-pressed=move || (chosen.get() == Some(category)).to_string()
                                on:click=press(move || choose(Some(category)))>
                                <Icon picture=Picture::Category(category)/>
                                <span><strong>{category_word(category)}</strong>
                                    <span class="muted small">{category_scope(category)}</span></span>
                            </button>
                        }
                    }).collect_view()}
                    // Who is asked need not answer.
                    {move || choosing.get().then(|| view! {
                        <button type="button" class="quiet" on:click=press(move || choose(None))>{say!(report.guess.let_desk)}</button>
                    }.into_any())}
                </fieldset>
            }.into_any())}
        </div>
    }
}

//! The form of an article.

use api_types::{
    Article, ArticleEdit, ArticleId, Category, NewArticle, ProblemKind, TicketId,
    limits::{ARTICLE_MAX, TITLE_MAX},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use serde::{Deserialize, Serialize};

use crate::{
    api::{self, Who},
    components::{Choice, FailureBox, TextField, press},
    failure::Failure,
    format::category_word,
    pages::articles::markdown::Markdown,
    state::{Draft, Session, follow},
    texts::say,
};

/// An article as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Typed {
    pub(super) title: String,
    pub(super) body: String,
    pub(super) category: Option<Category>,
    pub(super) published: bool,
}

impl Typed {
    /// What an article says.
    pub(super) fn of(article: &Article) -> Self {
        Self {
            title: article.title.clone(),
            body: article.body.clone(),
            category: Some(article.category),
            published: article.published,
        }
    }
}

/// What is kept: what was typed, and what it began with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    typed: Typed,
    base: Typed,
}

/// What becomes of a form.
#[derive(Clone, Copy)]
pub(super) enum Target {
    /// A new article, made from a ticket or from nothing.
    New(Option<TicketId>),
    /// Another version of one that was seen at this version.
    Old(ArticleId, i64),
}

/// The fields, and what of them is on its way.
#[derive(Clone, Copy)]
struct Form {
    draft: StoredValue<String>,
    title: RwSignal<String>,
    body: RwSignal<String>,
    category: RwSignal<Option<Category>>,
    published: RwSignal<bool>,
    /// Sent, and no answer came: it is sent again as it was.
    frozen: RwSignal<bool>,
    /// What the article says by now, where somebody changed it under the draft.
    theirs: StoredValue<Option<Typed>>,
}

impl Form {
    /// Goes on where a draft was left, or begins anew.
    fn begin(draft: String, begun: Typed) -> Self {
        let kept = Draft::<Kept>::load(&draft);
        let Kept { typed, base } = kept.typed;
        let left = typed != base && typed != begun;
        let theirs = (left && base != begun).then(|| begun.clone());
        let typed = if left { typed } else { begun.clone() };
        let form = Self {
            draft: StoredValue::new(draft),
            title: RwSignal::new(typed.title),
            body: RwSignal::new(typed.body),
            category: RwSignal::new(typed.category),
            published: RwSignal::new(typed.published),
            frozen: RwSignal::new(kept.frozen.is_some()),
            theirs: StoredValue::new(theirs),
        };
        follow(move || {
            let typed = form.typed();
            let kept =
                if typed == begun { Kept::default() } else { Kept { typed, base: begun.clone() } };
            change_draft(&form.draft.get_value(), |draft| draft.typed = kept);
        });
        form
    }

    fn typed(self) -> Typed {
        Typed {
            title: self.title.get(),
            body: self.body.get(),
            category: self.category.get(),
            published: self.published.get(),
        }
    }

    fn is_ready(self) -> bool {
        !self.title.read().trim().is_empty()
            && !self.body.read().trim().is_empty()
            && self.category.read().is_some()
    }

    fn unfreeze(self) {
        change_draft(&self.draft.get_value(), |draft| draft.frozen = None);
        self.frozen.set(false);
    }
}

fn change_draft(name: &str, change: impl FnOnce(&mut Draft<Kept>)) {
    let mut draft = Draft::<Kept>::load(name);
    change(&mut draft);
    draft.keep(name);
}

/// The form, kept while one types.
#[component]
pub(super) fn ArticleForm(
    /// The name of the draft.
    draft: String,
    /// What it begins with.
    begun: Typed,
    target: Target,
    /// Called when somebody changed the article meanwhile.
    #[prop(into)]
    on_stale: Callback<()>,
) -> impl IntoView {
    let (session, navigate) = (Session::expect(), use_navigate());
    let form = Form::begin(draft, begun);
    let (failure, busy) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (who, typed) = (session.who_now(), untrack(move || form.typed()));
        let (draft, navigate) = (form.draft.get_value(), navigate.clone());
        busy.set(true);
        spawn_local(async move {
            let answer = send(&who, &draft, typed, target).await;
            // The draft is settled also where the page is gone by now.
            if answer.is_ok() {
                Draft::<Kept>::default().keep(&draft);
            }
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(article) => {
                    navigate(&format!("/articles/{}", article.id), NavigateOptions::default());
                }
                // What was typed is kept, and stands beside what they wrote then.
                Err(cause) if cause.kind() == Some(ProblemKind::Stale) => on_stale.run(()),
                Err(cause) => {
                    form.frozen.set(!cause.is_certain() && matches!(target, Target::New(_)));
                    failure.set(Some(cause));
                }
            }
        });
    };
    view! {
        <form class="report" on:submit=save>
            {form.theirs.get_value().map(|theirs| view! { <Theirs theirs/> }.into_any())}
            <Fields form failure/>
            {move || (form.frozen.get() && !busy.get()).then(|| view! {
                <p class="notice small" role="status">
                    {say!(ticket.thread.unanswered)}" "
                    <button type="button" class="quiet small" on:click=press(move || form.unfreeze())>{say!(ticket.thread.change_instead)}</button>
                </p>
            }.into_any())}
            {move || failure.get().map(|failure| view! { <FailureBox failure/> }.into_any())}
            <p class="actions">
                <button type="submit" class="primary" disabled=move || busy.get() || !form.is_ready()>{say!(articles.save)}</button>
                <span class="muted small">{say!(report.draft_kept)}</span>
            </p>
        </form>
        <h2>{say!(articles.preview)}</h2>
        <div class="panel">{move || view! { <Markdown text=form.body.get()/> }}</div>
    }
}

/// What somebody else wrote meanwhile.
#[component]
fn Theirs(theirs: Typed) -> impl IntoView {
    view! {
        <div class="notice warn">
            <p>{say!(articles.changed)}</p>
            <p><strong>{theirs.title}</strong></p>
            <p class="text">{theirs.body}</p>
        </div>
    }
}

#[component]
fn Fields(form: Form, failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let Form { title, body, category, published, frozen, .. } = form;
    let error = move |field: &'static str| {
        Signal::derive(move || failure.read().as_ref().and_then(|cause| cause.field(field)))
    };
    let locked = Signal::derive(move || frozen.get());
    let desks = Category::ALL.iter().map(|one| (one.to_string(), category_word(*one).to_owned()));
    let none = (String::new(), say!(queue.bulk.choose).to_owned());
    let desks = std::iter::once(none).chain(desks).collect();
    let chosen = move || category.get().map(|one| one.to_string()).unwrap_or_default();
    view! {
        <TextField id="title" label=say!(ticket.title) value=title max=TITLE_MAX error=error("title") locked/>
        <Choice id="category" label=say!(queue.category) options=Signal::stored(desks) value=Signal::derive(chosen) locked
            on_change=move |raw: String| category.set(raw.parse().ok())/>
        <TextField id="body" label=say!(articles.text) value=body rows=14 max=ARTICLE_MAX hint=say!(articles.markdown) error=error("body") locked/>
        <label class="check">
            <input type="checkbox" prop:checked=move || published.get() disabled=move || frozen.get()
                on:change:target=move |event| published.set(event.target().checked())/>
            {say!(articles.publish)}
        </label>
    }
}

async fn send(who: &Who, draft: &str, typed: Typed, target: Target) -> Result<Article, Failure> {
    let Typed { title, body, category, published } = typed;
    let from_ticket = match target {
        Target::New(from_ticket) => from_ticket,
        Target::Old(id, version) => {
            let (title, body, published) = (Some(title), Some(body), Some(published));
            let edit = ArticleEdit { title, body, category, published };
            return api::edit_article(who, id, version, &edit).await;
        }
    };
    let category = category.unwrap_or(Category::Services);
    let new = NewArticle { title, body, category, published, from_ticket };
    // The key and the body stay together until the desk has answered for certain.
    let mut kept = Draft::<Kept>::load(draft);
    let frozen = kept.freeze(|| serde_json::to_string(&new).unwrap_or_default());
    kept.keep(draft);
    let answer = api::create_article(who, &frozen.key, frozen.body).await;
    if answer.as_ref().is_err_and(Failure::is_certain) {
        change_draft(draft, |draft| draft.frozen = None);
    }
    answer
}

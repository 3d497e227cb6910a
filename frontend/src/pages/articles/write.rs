//! Writing an article, and changing one. What is typed is kept in this browser until the desk has it.

use api_types::{
    Article, ArticleEdit, ArticleId, Category, NewArticle, TicketId,
    limits::{ARTICLE_MAX, TITLE_MAX},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map, use_query_map},
};
use serde::{Deserialize, Serialize};

use super::markdown::Markdown;
use crate::{
    api::{self, Who},
    components::{Choice, FailureBox, Loading, TextField},
    failure::Failure,
    format::category_word,
    pages::{NotFoundPage, name_tab},
    state::{Draft, Loaded, Session, follow},
    texts::say,
};

/// An article as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Typed {
    title: String,
    body: String,
    category: Option<Category>,
    published: bool,
}

impl Typed {
    fn of(article: &Article) -> Self {
        Self {
            title: article.title.clone(),
            body: article.body.clone(),
            category: Some(article.category),
            published: article.published,
        }
    }
}

/// A new article; `?ticket=7` begins it with what solved that ticket.
#[component]
pub(crate) fn NewArticlePage() -> impl IntoView {
    name_tab(say!(articles.write));
    let session = Session::expect();
    let ticket = use_query_map()
        .read_untracked()
        .get_str("ticket")
        .and_then(|raw| raw.parse::<TicketId>().ok());
    let begun = Loaded::new(move || {
        let who = session.who();
        async move {
            let ticket = api::find_ticket(&who, ticket?).await.ok()?;
            let ask = format!("{}\n\n## {}\n\n", ticket.description, say!(ticket.resolution));
            Some(Typed {
                title: ticket.title,
                body: ask + ticket.resolution.as_deref().unwrap_or_default(),
                category: Some(ticket.category),
                published: false,
            })
        }
    });
    view! {
        <section class="narrow">
            <h1>{say!(articles.write)}</h1>
            {move || match begun.get() {
                None => view! { <Loading what=say!(articles.loading) lines=4/> }.into_any(),
                Some(begun) => {
                    let draft = ticket.map_or("article.new".to_owned(), |ticket| format!("article.from.{ticket}"));
                    view! { <ArticleForm draft begun=begun.unwrap_or_default() target=Target::New(ticket)/> }.into_any()
                }
            }}
        </section>
    }
}

/// A change of an article.
#[component]
pub(crate) fn EditArticlePage() -> impl IntoView {
    name_tab(say!(articles.edit));
    let session = Session::expect();
    let params = use_params_map();
    let id = move || params.read().get_str("id").and_then(|raw| raw.parse::<ArticleId>().ok());
    let article = Loaded::new(move || {
        let (who, id) = (session.who(), id());
        async move { Some(api::find_article(&who, id?).await) }
    });
    view! {
        <section class="narrow">
            <h1>{say!(articles.edit)}</h1>
            {move || match article.get() {
                None => view! { <Loading what=say!(articles.loading) lines=4/> }.into_any(),
                Some(None) => view! { <NotFoundPage/> }.into_any(),
                Some(Some(Err(failure))) => view! { <FailureBox failure/> }.into_any(),
                Some(Some(Ok(article))) => {
                    let draft = format!("article.{}.{}", article.id, article.version);
                    let target = Target::Old(article.id, article.version);
                    view! { <ArticleForm draft begun=Typed::of(&article) target/> }.into_any()
                }
            }}
        </section>
    }
}

/// What becomes of a form.
#[derive(Clone, Copy)]
enum Target {
    /// A new article, made from a ticket or from nothing.
    New(Option<TicketId>),
    /// Another version of one that was seen at this version.
    Old(ArticleId, i64),
}

#[component]
fn ArticleForm(draft: String, begun: Typed, target: Target) -> impl IntoView {
    let (session, navigate) = (Session::expect(), use_navigate());
    let kept = Draft::<Typed>::load(&draft);
    let typed = if kept.typed == Typed::default() { begun } else { kept.typed };
    let (title, body) = (RwSignal::new(typed.title), RwSignal::new(typed.body));
    let category = RwSignal::new(typed.category);
    let published = RwSignal::new(typed.published);
    let draft = StoredValue::new(draft);
    let read = move || Typed {
        title: title.get(),
        body: body.get(),
        category: category.get(),
        published: published.get(),
    };
    follow(move || {
        let typed = read();
        let mut kept = Draft::<Typed>::load(&draft.get_value());
        kept.typed = typed;
        kept.keep(&draft.get_value());
    });
    let (failure, busy) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (who, typed, navigate) = (session.who_now(), untrack(read), navigate.clone());
        busy.set(true);
        spawn_local(async move {
            let name = draft.try_get_value().unwrap_or_default();
            let answer = send(&who, &name, typed, target).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(article) => {
                    navigate(&format!("/articles/{}", article.id), NavigateOptions::default());
                    Draft::<Typed>::default().keep(&name);
                }
                Err(cause) => failure.set(Some(cause)),
            }
        });
    };
    let error = move |field: &'static str| {
        Signal::derive(move || failure.read().as_ref().and_then(|cause| cause.field(field)))
    };
    let desks = Category::ALL.iter().map(|one| (one.to_string(), category_word(*one).to_owned()));
    let desks =
        std::iter::once((String::new(), say!(queue.bulk.choose).to_owned())).chain(desks).collect();
    let ready = move || {
        !title.read().trim().is_empty()
            && !body.read().trim().is_empty()
            && category.read().is_some()
    };
    view! {
        <form class="report" on:submit=save>
            <TextField id="title" label=say!(ticket.title) value=title max=TITLE_MAX error=error("title")/>
            <Choice id="category" label=say!(queue.category) options=Signal::stored(desks)
                value=Signal::derive(move || category.get().map(|one| one.to_string()).unwrap_or_default())
                on_change=move |raw: String| category.set(raw.parse().ok())/>
            <TextField id="body" label=say!(articles.text) value=body rows=14 max=ARTICLE_MAX hint=say!(articles.markdown) error=error("body")/>
            <label class="check">
                <input type="checkbox" prop:checked=move || published.get()
                    on:change:target=move |event| published.set(event.target().checked())/>
                {say!(articles.publish)}
            </label>
            {move || failure.get().map(|failure| view! { <FailureBox failure/> }.into_any())}
            <p class="actions">
                <button type="submit" class="primary" disabled=move || busy.get() || !ready()>{say!(articles.save)}</button>
                <span class="muted small">{say!(report.draft_kept)}</span>
            </p>
        </form>
        <h2>{say!(articles.preview)}</h2>
        <div class="panel">{move || view! { <Markdown text=body.get()/> }}</div>
    }
}

async fn send(who: &Who, draft: &str, typed: Typed, target: Target) -> Result<Article, Failure> {
    let Typed { title, body, category, published } = typed;
    match target {
        Target::Old(id, version) => {
            let edit = ArticleEdit {
                title: Some(title),
                body: Some(body),
                category,
                published: Some(published),
            };
            api::edit_article(who, id, version, &edit).await
        }
        Target::New(from_ticket) => {
            let category = category.unwrap_or(Category::Services);
            let new = NewArticle { title, body, category, published, from_ticket };
            // The key and the body stay together until the desk has answered for certain.
            let mut kept = Draft::<Typed>::load(draft);
            let frozen = kept.freeze(|| serde_json::to_string(&new).unwrap_or_default());
            kept.keep(draft);
            let answer = api::create_article(who, &frozen.key, frozen.body).await;
            if answer.as_ref().is_err_and(Failure::is_certain) {
                kept.frozen = None;
                kept.keep(draft);
            }
            answer
        }
    }
}

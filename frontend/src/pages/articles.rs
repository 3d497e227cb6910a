//! The knowledge base: its list, its articles, and writing them.

use api_types::{Article, ArticleEntry, ArticleId, Category};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{components::A, hooks::use_params_map};

use super::{NotFoundPage, name_tab};
use crate::{
    api,
    components::{Age, CategoryBadge, Empty, FailureBox, Icon, Loading, Picture, press},
    failure::Failure,
    format::category_word,
    state::{Loaded, Session},
    texts::say,
};

mod markdown;
mod write;

use markdown::Markdown;
pub(crate) use write::{EditArticlePage, NewArticlePage};

/// All articles, desk by desk.
#[component]
pub(crate) fn ArticlesPage() -> impl IntoView {
    name_tab(say!(articles.title));
    let session = Session::expect();
    let articles = Loaded::new(move || {
        let who = session.who();
        async move { api::list_articles(&who).await }
    });
    view! {
        <section class="narrow">
            <div class="title-row">
                <h1>{say!(articles.title)}</h1>
                {move || session.is_staff().then(|| view! {
                    <A href="/articles/new" attr:class="button primary">{say!(articles.write)}</A>
                }.into_any())}
            </div>
            <p class="muted">{say!(articles.about)}</p>
            {move || match articles.get() {
                None => view! { <Loading what=say!(articles.loading) lines=6/> }.into_any(),
                Some(Err(failure)) => view! {
                    <FailureBox failure retry=Callback::new(move |()| articles.refetch())/>
                }.into_any(),
                Some(Ok(articles)) if articles.is_empty() => view! {
                    <Empty title=say!(articles.none)><p>{say!(articles.none_yet)}</p></Empty>
                }.into_any(),
                Some(Ok(articles)) => Category::ALL.iter().map(|category| {
                    let of_desk = articles.iter().filter(|one| one.category == *category).cloned();
                    view! { <Shelf category=*category articles=of_desk.collect()/> }.into_any()
                }).collect_view().into_any(),
            }}
        </section>
    }
}

#[component]
fn Shelf(category: Category, articles: Vec<ArticleEntry>) -> impl IntoView {
    (!articles.is_empty()).then(|| {
        view! {
            <h2 class="shelf"><Icon picture=Picture::Category(category)/>{category_word(category)}</h2>
            <ul class="shelf">
                {articles.into_iter().map(|article| view! {
                    <li>
                        <A href=format!("/articles/{}", article.id)>{article.title}</A>
                        {(!article.published).then(|| view! { " "<span class="tag">{say!(articles.draft)}</span> }.into_any())}
                    </li>
                }.into_any()).collect_view()}
            </ul>
        }
    })
}

/// One article.
#[component]
pub(crate) fn ArticlePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get_str("id")?.parse::<ArticleId>().ok());
    view! {
        {move || match id.get() {
            Some(id) => view! { <Found id/> }.into_any(),
            None => view! { <NotFoundPage/> }.into_any(),
        }}
    }
}

#[component]
fn Found(id: ArticleId) -> impl IntoView {
    let session = Session::expect();
    let article = Loaded::new(move || {
        let who = session.who();
        async move { api::find_article(&who, id).await }
    });
    view! {
        <section class="narrow">
            {move || match article.get() {
                None => view! { <Loading what=say!(articles.loading) lines=6/> }.into_any(),
                Some(Err(failure)) if failure.is_missing() => view! { <NotFoundPage/> }.into_any(),
                Some(Err(failure)) => view! {
                    <FailureBox failure retry=Callback::new(move |()| article.refetch())/>
                }.into_any(),
                Some(Ok(article)) => view! { <ArticleView article/> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn ArticleView(article: Article) -> impl IntoView {
    let session = Session::expect();
    let Article {
        id,
        title,
        body,
        category,
        published,
        from_ticket,
        modified_at,
        helpful,
        unhelpful,
        ..
    } = article;
    name_tab(&title);
    view! {
        <article class="article">
            <p><A href="/articles">{say!(articles.title)}</A></p>
            <h1>{title}</h1>
            <p class="card-facts">
                <CategoryBadge category/>
                {(!published).then(|| view! { <span class="tag">{say!(articles.draft)}</span> }.into_any())}
                <span class="muted small">{say!(search.changed)}" "<Age at=modified_at/></span>
                {from_ticket.map(|ticket| view! {
                    <span class="muted small"><A href=format!("/tickets/{ticket}")>{say!(articles.source, id = ticket.to_string())}</A></span>
                }.into_any())}
                {move || session.is_staff().then(|| view! {
                    <A href=format!("/articles/{id}/edit") attr:class="button small">{say!(ticket.edit.edit)}</A>
                }.into_any())}
            </p>
            <Markdown text=body/>
        </article>
        {published.then(|| view! { <Helpful id helpful unhelpful/> }.into_any())}
        <p class="muted">{say!(articles.not_enough)}" "<A href="/report">{say!(app.nav.report)}</A></p>
    }
}

/// Asks whether it helped.
#[component]
fn Helpful(id: ArticleId, helpful: i32, unhelpful: i32) -> impl IntoView {
    let session = Session::expect();
    let counts = RwSignal::new((helpful, unhelpful));
    let said = RwSignal::new(None::<bool>);
    let failure = RwSignal::new(None::<Failure>);
    let vote = move |helpful: bool| {
        let who = session.who_now();
        spawn_local(async move {
            match api::vote(&who, id, helpful).await {
                Ok(article) => {
                    counts.try_set((article.helpful, article.unhelpful));
                    said.try_set(Some(helpful));
                    failure.try_set(None);
                }
                Err(cause) => {
                    failure.try_set(Some(cause));
                }
            }
        });
    };
    let button = move |word: &'static str, helpful: bool| {
        let count = move || if helpful { counts.get().0 } else { counts.get().1 };
        view! {
            <button type="button" aria-pressed=move || (said.get() == Some(helpful)).to_string()
                on:click=press(move || vote(helpful))>{word}" "<span class="muted">{count}</span></button>
        }
    };
    view! {
        <section class="panel helpful" aria-live="polite">
            <h2>{say!(articles.did_it_help)}</h2>
            <p class="actions">{button(say!(articles.yes), true)}{button(say!(articles.no), false)}
                {move || said.get().is_some().then(|| view! { <span class="muted">{say!(articles.thanks)}</span> }.into_any())}</p>
            {move || failure.get().map(|failure| view! { <FailureBox failure/> }.into_any())}
        </section>
    }
}

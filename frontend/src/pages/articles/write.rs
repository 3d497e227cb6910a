//! Writing an article, and changing one. What is typed is kept in this browser until the desk has it.

use api_types::{ArticleId, TicketId};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    api,
    components::{FailureBox, Loading},
    pages::{NotFoundPage, name_tab},
    state::{Loaded, Session},
    texts::say,
};

mod form;

use form::{ArticleForm, Target, Typed};

/// A new article; `?ticket=7` begins it with what solved that ticket.
#[component]
pub(crate) fn NewArticlePage() -> impl IntoView {
    name_tab(say!(articles.write));
    let session = Session::expect();
    let ticket = use_query_map().read_untracked();
    let ticket = ticket.get_str("ticket").and_then(|raw| raw.parse::<TicketId>().ok());
    let begun = Loaded::new(move || {
        let who = session.who();
        async move {
            let Some(id) = ticket else { return Ok(Typed::default()) };
            let ticket = api::find_ticket(&who, id).await?;
            let ask = format!("{}\n\n## {}\n\n", ticket.description, say!(ticket.resolution));
            Ok(Typed {
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
                Some(Err(failure)) => view! {
                    <FailureBox failure retry=Callback::new(move |()| begun.refetch())/>
                }.into_any(),
                Some(Ok(begun)) => {
                    let draft = ticket.map_or("article.new".to_owned(), |ticket| format!("article.from.{ticket}"));
                    view! { <ArticleForm draft begun target=Target::New(ticket) on_stale=move |()| ()/> }.into_any()
                }
            }}
        </section>
    }
}

/// A change of an article.
#[component]
pub(crate) fn EditArticlePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get_str("id")?.parse::<ArticleId>().ok());
    view! {
        {move || match id.get() {
            Some(id) => view! { <Edit id/> }.into_any(),
            None => view! { <NotFoundPage/> }.into_any(),
        }}
    }
}

#[component]
fn Edit(id: ArticleId) -> impl IntoView {
    name_tab(say!(articles.edit));
    let session = Session::expect();
    let article = Loaded::new(move || {
        let who = session.who();
        async move { api::find_article(&who, id).await }
    });
    let again = Callback::new(move |()| article.refetch());
    view! {
        <section class="narrow">
            <h1>{say!(articles.edit)}</h1>
            {move || match article.get() {
                None => view! { <Loading what=say!(articles.loading) lines=4/> }.into_any(),
                Some(Err(failure)) if failure.is_missing() => view! { <NotFoundPage/> }.into_any(),
                Some(Err(failure)) => view! { <FailureBox failure retry=again/> }.into_any(),
                Some(Ok(article)) => {
                    let target = Target::Old(article.id, article.version);
                    view! { <ArticleForm draft=format!("article.{id}") begun=Typed::of(&article) target on_stale=again/> }.into_any()
                }
            }}
        </section>
    }
}

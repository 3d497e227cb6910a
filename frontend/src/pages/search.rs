//! Finding tickets and articles by words.

use api_types::{
    ArticleId, Category, Facets, Fragment, HitKind, SearchHit, SearchOutcome, SearchQuery,
    SearchResult, Status,
};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    components::A,
    hooks::{use_navigate, use_query_map},
};

use wasm_bindgen::JsCast as _;

use super::name_tab;
use crate::{
    api,
    components::{
        Age, CategoryBadge, Empty, FailureBox, Icon, Loading, Picture, StatusBadge, press,
    },
    failure::Failure,
    format::{category_word, status_word},
    state::{Loaded, Session},
    texts::say,
};

/// The words and filters in the address bar.
fn parse(params: &leptos_router::params::ParamsMap) -> SearchQuery {
    let read = |key: &str| params.get_str(key).filter(|raw| !raw.is_empty());
    SearchQuery {
        q: read("q").unwrap_or_default().to_owned(),
        status: read("status").and_then(|raw| raw.parse().ok()),
        category: read("category").and_then(|raw| raw.parse().ok()),
        limit: None,
    }
}

/// The address of a search.
fn search_address(query: &SearchQuery) -> String {
    let mut params = leptos_router::params::ParamsMap::new();
    params.insert("q", query.q.clone());
    for (key, value) in [
        ("status", query.status.map(|status| status.to_string())),
        ("category", query.category.map(|category| category.to_string())),
    ] {
        if let Some(value) = value {
            params.insert(key, value);
        }
    }
    format!("/search{}", params.to_query_string())
}

/// Keeps a search from the header within the app: without this the browser would load the page anew.
pub(crate) fn catch_search() {
    let navigate = use_navigate();
    let caught = window_event_listener(ev::submit, move |event| {
        let form = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok());
        let Some(form) = form.filter(|form| form.class_list().contains("find")) else { return };
        event.prevent_default();
        let field = form.query_selector("input").ok().flatten();
        let Some(field) =
            field.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok())
        else {
            return;
        };
        let query = SearchQuery { q: field.value(), ..SearchQuery::default() };
        navigate(&search_address(&query), NavigateOptions::default());
    });
    on_cleanup(move || caught.remove());
}

/// What was found last, to be counted when somebody goes on.
#[derive(Clone, Copy)]
struct Asked(StoredValue<Option<SearchOutcome>>);

impl Asked {
    fn note(self, q: &str, result: &SearchResult) {
        self.count(false);
        let found = !result.items.is_empty();
        let outcome =
            (!q.trim().is_empty()).then(|| SearchOutcome { q: q.to_owned(), found, opened: false });
        self.0.try_set_value(outcome);
    }

    /// Counts what was asked last, once.
    fn count(self, opened: bool) {
        let Some(outcome) = self.0.try_update_value(Option::take).flatten() else { return };
        let Some(who) = use_context::<Session>().and_then(|session| session.try_who_now()) else {
            return;
        };
        spawn_local(async move {
            api::count_search(&who, &SearchOutcome { opened, ..outcome }).await;
        });
    }
}

/// The search.
#[component]
pub(crate) fn SearchPage() -> impl IntoView {
    name_tab(say!(search.title));
    let session = Session::expect();
    let params = use_query_map();
    let query = Memo::new(move |_| parse(&params.read()));
    let asked = Asked(StoredValue::new(None));
    let owner = Owner::current();
    let count = move |opened: bool| match &owner {
        Some(owner) => owner.with(|| asked.count(opened)),
        None => asked.count(opened),
    };
    let count = StoredValue::new(count);
    on_cleanup(move || {
        asked.count(false);
    });
    let found = Loaded::new(move || {
        let (who, query) = (session.who(), query.get());
        async move {
            if query.q.trim().is_empty() {
                return None;
            }
            let answer = api::search(&who, &query).await;
            Some((query, answer))
        }
    });
    Effect::new(move |_| {
        if let Some(Some((query, Ok(result)))) = found.get() {
            asked.note(&query.q, &result);
        }
    });
    view! {
        <section class="narrow">
            <h1>{say!(search.title)}</h1>
            <SearchBox query/>
            <div aria-live="polite">
            {move || match found.get() {
                None => view! { <Loading what=say!(search.loading) lines=4/> }.into_any(),
                Some(None) => view! { <Empty title=say!(search.nothing_asked)><p>{say!(search.hint)}</p></Empty> }.into_any(),
                Some(Some((_, Err(failure)))) => view! {
                    <FailureBox failure retry=Callback::new(move |()| found.refetch())/>
                }.into_any(),
                Some(Some((asked_for, Ok(result)))) => view! {
                    <Results query=asked_for result on_open=move |()| count.with_value(|count| count(true))/>
                }.into_any(),
            }}
            </div>
        </section>
    }
}

/// What to look for. The results follow while one types.
#[component]
fn SearchBox(query: Memo<SearchQuery>) -> impl IntoView {
    let navigate = use_navigate();
    let typed = RwSignal::new(query.get_untracked().q);
    Effect::new(move |_| typed.set(query.get().q));
    let go = move |q: String| {
        if q != query.read_untracked().q {
            let options =
                NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate(&search_address(&SearchQuery { q, ..query.get_untracked() }), options);
        }
    };
    let go = StoredValue::new_local(go);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let later = move |q: String| {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        typed.set(q.clone());
        let go = move || go.try_with_value(|go| go(q)).unwrap_or_default();
        timer.set_value(set_timeout_with_handle(go, std::time::Duration::from_millis(250)).ok());
    };
    let now = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        go.with_value(|go| go(typed.get_untracked()));
    };
    view! {
        <form class="search-box" role="search" aria-label=say!(search.what) action="/search" on:submit=now>
            <label class="hidden" for="search">{say!(search.what)}</label>
            <input id="search" name="q" type="search" autocomplete="off" autofocus maxlength="500"
                prop:value=move || typed.get() on:input:target=move |event| later(event.target().value())/>
            <button type="submit" class="primary">{say!(search.title)}</button>
        </form>
        <p class="muted small">{say!(search.hint)}</p>
    }
}

#[component]
fn Results(
    query: SearchQuery,
    result: SearchResult,
    /// Called when a result is opened.
    #[prop(into)]
    on_open: Callback<()>,
) -> impl IntoView {
    let SearchResult { items, facets, capped, partial } = result;
    if items.is_empty() {
        return view! {
            <FacetBar query facets/>
            <Empty title=say!(search.nothing)>
                <p>{say!(search.try_other)}</p>
                <p><A href="/report" attr:class="button primary">{say!(app.nav.report)}</A></p>
            </Empty>
        }
        .into_any();
    }
    view! {
        <FacetBar query facets/>
        {partial.then(|| view! { <p class="notice">{say!(search.partial)}</p> }.into_any())}
        {capped.then(|| view! { <p class="muted small">{say!(search.capped)}</p> }.into_any())}
        <ol class="cards" aria-label=say!(search.results)>
            {items.into_iter().map(|hit| view! { <Hit hit on_open/> }.into_any()).collect_view()}
        </ol>
    }
    .into_any()
}

/// How many of each status and desk, each a tap that shows only those.
#[component]
fn FacetBar(query: SearchQuery, facets: Facets) -> impl IntoView {
    let statuses = [
        (Status::Open, facets.open),
        (Status::Active, facets.active),
        (Status::Closed, facets.closed),
    ];
    let categories = [
        (Category::Facility, facets.facility),
        (Category::It, facets.it),
        (Category::Services, facets.services),
    ];
    let navigate = StoredValue::new_local(use_navigate());
    let button = move |word: &'static str, count: i64, on: bool, to: SearchQuery| {
        let go = move || {
            let options =
                NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(&search_address(&to), options));
        };
        (on || count > 0).then(|| view! {
            <button type="button" class="quiet small" aria-pressed=on.to_string() on:click=press(go)>
                {word}" "<span class="muted">{many(count)}</span>
            </button>
        }.into_any())
    };
    view! {
        <p class="facets" role="group" aria-label=say!(search.narrow)>
            {statuses.map(|(status, count)| {
                let on = query.status == Some(status);
                button(status_word(status), count, on, SearchQuery { status: (!on).then_some(status), ..query.clone() })
            }).collect_view()}
            {categories.map(|(category, count)| {
                let on = query.category == Some(category);
                button(category_word(category), count, on, SearchQuery { category: (!on).then_some(category), ..query.clone() })
            }).collect_view()}
        </p>
    }
}

/// Of more than a thousand only the newest were counted.
fn many(count: i64) -> String {
    if count >= api_types::limits::MATCHES_MAX { "1,000+".to_owned() } else { count.to_string() }
}

#[component]
fn Hit(hit: SearchHit, on_open: Callback<()>) -> impl IntoView {
    let SearchHit {
        kind,
        id,
        title,
        snippet,
        status,
        category,
        location,
        affected,
        modified_at,
        summary,
    } = hit;
    let (href, number) = match kind {
        HitKind::Ticket => (format!("/tickets/{id}"), format!("#{id} · ")),
        HitKind::Article => (format!("/articles/{}", ArticleId(id)), String::new()),
    };
    let summary = summary.unwrap_or_default();
    let line = |label: &'static str, sentence: Option<String>| {
        sentence.map(|sentence| {
            view! { <p class="small"><span class="muted">{label}": "</span>{sentence}</p> }
                .into_any()
        })
    };
    view! {
        <li class="card found">
            <h2><A href=href on:click=move |_| on_open.run(())>{title}</A></h2>
            <p class="card-facts">
                {(kind == HitKind::Article).then(|| view! { <span class="badge"><Icon picture=Picture::Book/>{say!(articles.one)}</span> }.into_any())}
                {status.map(|status| view! { <StatusBadge status/> }.into_any())}
                <CategoryBadge category/>
                {location.map(|location| view! { <span class="fact"><Icon picture=Picture::Place/>{location}</span> }.into_any())}
                {(affected > 0).then(|| view! {
                    <span class="fact"><Icon picture=Picture::People/>{say!(tickets.affected)}" "{affected}</span>
                }.into_any())}
            </p>
            <p class="snippet"><Snippet fragments=snippet/></p>
            {line(say!(ticket.summary.done), summary.done)}
            {line(say!(ticket.summary.now), summary.now)}
            <p class="muted small">{number}{say!(search.changed)}" "<Age at=modified_at/></p>
        </li>
    }
}

#[component]
fn Snippet(fragments: Vec<Fragment>) -> impl IntoView {
    let piece = |Fragment { text, hit }| {
        if hit { view! { <mark>{text}</mark> }.into_any() } else { view! { {text} }.into_any() }
    };
    fragments.into_iter().map(piece).collect_view()
}

/// Why a page could not be shown, where it was not found.
pub(super) fn is_missing(failure: &Failure) -> bool {
    failure.kind() == Some(api_types::ProblemKind::NotFound)
}

//! Finding tickets and articles by words.

use api_types::{
    ArticleId, Category, Facets, Fragment, HitKind, SearchHit, SearchOutcome, SearchQuery,
    SearchResult, Status,
};
use leptos::{ev, prelude::*};
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
    format::{category_word, number, status_word},
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
    /// Nothing was asked yet. What was asked last is counted when the page goes.
    fn watch() -> Self {
        let asked = Self(StoredValue::new(None));
        let leaving = window_event_listener(ev::pagehide, move |_| asked.count(false));
        on_cleanup(move || {
            leaving.remove();
            asked.count(false);
        });
        asked
    }

    fn note(self, q: &str, result: &SearchResult) {
        let goes_on = |before: &SearchOutcome| q.starts_with(&before.q) || before.q.starts_with(q);
        // Who still types, or narrows what was found, asks nothing new.
        if !self.0.with_value(|before| before.as_ref().is_some_and(goes_on)) {
            self.count(false);
        }
        let found = !result.items.is_empty();
        let outcome = SearchOutcome { q: q.to_owned(), found, opened: false };
        self.0.try_set_value((!q.trim().is_empty()).then_some(outcome));
    }

    /// Counts what was asked last, once.
    fn count(self, opened: bool) {
        if let Some(outcome) = self.0.try_update_value(Option::take).flatten() {
            api::count_search(&SearchOutcome { opened, ..outcome });
        }
    }
}

/// The search.
#[component]
pub(crate) fn SearchPage() -> impl IntoView {
    name_tab(say!(search.title));
    let session = Session::expect();
    let params = use_query_map();
    let query = Memo::new(move |_| parse(&params.read()));
    let asked = Asked::watch();
    let found = Loaded::new(move || {
        let (who, query) = (session.who(), query.get());
        async move {
            if query.q.trim().is_empty() {
                return None;
            }
            let answer = api::search(&who, &query).await;
            Some((query.q, answer))
        }
    });
    Effect::new(move |_| {
        if let Some(Some((q, Ok(result)))) = found.get() {
            asked.note(&q, &result);
        }
    });
    let facets = Memo::new(move |_| match found.get() {
        Some(Some((_, Ok(result)))) => result.facets,
        _ => Facets::default(),
    });
    // Read out after each pause in typing: how many, and not all of them.
    let status = move || match found.get() {
        Some(Some((_, Ok(result)))) => format!("{}: {}", say!(search.results), result.items.len()),
        _ => String::new(),
    };
    view! {
        <section class="narrow">
            <h1>{say!(search.title)}</h1>
            <SearchBox query/>
            <FacetBar query facets/>
            <p class="hidden" role="status">{status}</p>
            {move || match found.get() {
                None => view! { <Loading what=say!(search.loading) lines=4/> }.into_any(),
                Some(None) => view! { <Empty title=say!(search.nothing_asked)><p>{say!(search.hint)}</p></Empty> }.into_any(),
                Some(Some((_, Err(failure)))) => view! {
                    <FailureBox failure retry=Callback::new(move |()| found.refetch())/>
                }.into_any(),
                Some(Some((_, Ok(result)))) => view! {
                    <Results result on_open=move |()| asked.count(true)/>
                }.into_any(),
            }}
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
    result: SearchResult,
    /// Called when a result is opened.
    #[prop(into)]
    on_open: Callback<()>,
) -> impl IntoView {
    let SearchResult { items, capped, partial, .. } = result;
    if items.is_empty() {
        return view! {
            <Empty title=say!(search.nothing)>
                <p>{say!(search.try_other)}</p>
                <p><A href="/report" attr:class="button primary">{say!(app.nav.report)}</A></p>
            </Empty>
        }
        .into_any();
    }
    view! {
        {partial.then(|| view! { <p class="notice">{say!(search.partial)}</p> }.into_any())}
        {capped.then(|| view! { <p class="muted small">{say!(search.capped)}</p> }.into_any())}
        <ol class="cards" aria-label=say!(search.results)>
            {items.into_iter().map(|hit| view! { <Hit hit on_open/> }.into_any()).collect_view()}
        </ol>
    }
    .into_any()
}

/// What can be narrowed to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Facet {
    Status(Status),
    Category(Category),
}

impl Facet {
    fn word(self) -> &'static str {
        match self {
            Self::Status(status) => status_word(status),
            Self::Category(category) => category_word(category),
        }
    }

    fn count(self, facets: &Facets) -> i64 {
        match self {
            Self::Status(Status::Open) => facets.open,
            Self::Status(Status::Active) => facets.active,
            Self::Status(Status::Closed) => facets.closed,
            Self::Category(Category::Facility) => facets.facility,
            Self::Category(Category::It) => facets.it,
            Self::Category(Category::Services) => facets.services,
        }
    }

    fn is_on(self, query: &SearchQuery) -> bool {
        match self {
            Self::Status(status) => query.status == Some(status),
            Self::Category(category) => query.category == Some(category),
        }
    }

    /// The search narrowed to it, or to it no more.
    fn switch(self, query: SearchQuery) -> SearchQuery {
        let on = self.is_on(&query);
        match self {
            Self::Status(status) => SearchQuery { status: (!on).then_some(status), ..query },
            Self::Category(category) => {
                SearchQuery { category: (!on).then_some(category), ..query }
            }
        }
    }
}

/// How many of each status and desk, each a tap that shows only those. The buttons stay while their counts change: the
/// focus is on one of them.
#[component]
fn FacetBar(query: Memo<SearchQuery>, facets: Memo<Facets>) -> impl IntoView {
    let navigate = StoredValue::new_local(use_navigate());
    let button = move |facet: Facet| {
        let go = move || {
            let options =
                NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            let to = search_address(&facet.switch(query.get_untracked()));
            navigate.with_value(|navigate| navigate(&to, options));
        };
        let on = move || facet.is_on(&query.read());
        let count = move || facet.count(&facets.read());
        view! {
            <button type="button" class="quiet small" aria-pressed=move || on().to_string()
                hidden=move || !on() && count() == 0 on:click=press(go)>
                {facet.word()}" "<span class="muted">{move || number(count() as f64)}</span>
            </button>
        }
        .into_any()
    };
    let statuses = Status::ALL.iter().map(|status| Facet::Status(*status));
    let categories = Category::ALL.iter().map(|category| Facet::Category(*category));
    view! {
        <p class="facets" role="group" aria-label=say!(search.narrow)>
            {statuses.chain(categories).map(button).collect_view()}
        </p>
    }
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

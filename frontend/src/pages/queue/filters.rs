//! The filters of the queue. Beside the status one filter may stand, and the order by change goes with the status
//! alone: what cannot be combined is not offered.

use api_types::{Category, SortBy, Staff, Status, TicketQuery};
use leptos::prelude::*;

use crate::{
    components::Choice,
    format::{category_word, status_word},
    pages::tickets::LocationFilter,
    state::{Narrow, follow, narrow_of, with_narrow},
    texts::say,
};

/// The filters of the queue.
#[component]
pub(super) fn Filters(
    query: Memo<TicketQuery>,
    /// Called with the next query.
    change: Callback<TicketQuery>,
    /// Who can be filtered by.
    roster: Signal<Vec<Staff>>,
) -> impl IntoView {
    let pairs = |first: &str, rest: Vec<(String, String)>| {
        let mut options = vec![(String::new(), first.to_owned())];
        options.extend(rest);
        options
    };
    let statuses =
        Status::ALL.iter().map(|s| (s.to_string(), status_word(*s).to_owned())).collect();
    let statuses = pairs(say!(queue.filters.all), statuses);
    let sorts = vec![
        (SortBy::Newest.to_string(), say!(queue.filters.newest).to_owned()),
        (SortBy::Oldest.to_string(), say!(queue.filters.oldest).to_owned()),
        (SortBy::Modified.to_string(), say!(queue.filters.modified).to_owned()),
        (SortBy::Affected.to_string(), say!(queue.filters.affected).to_owned()),
    ];
    let sort = move || query.read().sort.unwrap_or(SortBy::Newest);
    let set_sort = move |raw: String| {
        let sort = raw.parse().ok().filter(|sort| *sort != SortBy::Newest);
        let query = query.get_untracked();
        // The order by change has an index with the status alone.
        change.run(match sort {
            Some(SortBy::Modified | SortBy::Affected) => {
                TicketQuery { status: query.status, sort, ..TicketQuery::default() }
            }
            _ => TicketQuery { sort, ..query },
        });
    };
    let narrowable = Memo::new(move |_| !matches!(sort(), SortBy::Modified | SortBy::Affected));
    view! {
        <div class="filters" role="search" aria-label=say!(queue.filters.label)>
            <Choice id="filter-status" label=say!(queue.status) options=Signal::stored(statuses)
                value=Signal::derive(move || query.read().status.map(|s| s.to_string()).unwrap_or_default())
                on_change=move |raw: String| change.run(TicketQuery { status: raw.parse().ok(), ..query.get_untracked() })/>
            <Choice id="filter-sort" label=say!(queue.filters.order) options=Signal::stored(sorts)
                value=Signal::derive(move || sort().to_string()) on_change=set_sort/>
            {move || narrowable.get().then(|| view! { <NarrowBy query change roster/> }.into_any())}
        </div>
    }
}

/// What each filter is called in the choice of one.
fn narrows() -> [(Narrow, &'static str); 4] {
    [
        (Narrow::Category, say!(queue.category)),
        (Narrow::Assignee, say!(queue.assignee)),
        (Narrow::Location, say!(queue.location)),
        (Narrow::Unsure, say!(queue.filters.unsure)),
    ]
}

#[component]
fn NarrowBy(
    query: Memo<TicketQuery>,
    change: Callback<TicketQuery>,
    roster: Signal<Vec<Staff>>,
) -> impl IntoView {
    // Chosen, and perhaps without a value yet.
    let chosen = RwSignal::new(narrow_of(&query.read_untracked()));
    follow(move || {
        if let Some(narrow) = narrow_of(&query.read()) {
            chosen.set(Some(narrow));
        }
    });
    let mut options = vec![(String::new(), say!(queue.filters.nothing_else).to_owned())];
    options.extend(narrows().map(|(_, word)| (word.to_owned(), word.to_owned())));
    let word = move || {
        let chosen = chosen.get();
        narrows().iter().find(|(narrow, _)| Some(*narrow) == chosen).map_or("", |(_, word)| word)
    };
    let choose = move |raw: String| {
        let narrow = narrows().iter().find(|(_, word)| *word == raw).map(|(narrow, _)| *narrow);
        chosen.set(narrow);
        let next = match narrow {
            Some(Narrow::Unsure) => with_narrow(&query.read_untracked(), Narrow::Unsure, "true"),
            _ => with_narrow(&query.read_untracked(), Narrow::Category, ""),
        };
        change.run(next);
    };
    let set = move |narrow: Narrow| {
        Callback::new(move |raw: String| {
            change.run(with_narrow(&query.read_untracked(), narrow, &raw))
        })
    };
    let categories: Vec<_> = std::iter::once((String::new(), say!(queue.filters.all).to_owned()))
        .chain(Category::ALL.iter().map(|c| (c.to_string(), category_word(*c).to_owned())))
        .collect();
    let members = Signal::derive(move || {
        let everybody = roster.get().into_iter().map(|member| (member.id.to_string(), member.name));
        std::iter::once((String::new(), say!(queue.filters.everybody).to_owned()))
            .chain(everybody)
            .collect()
    });
    view! {
        <Choice id="filter-by" label=say!(queue.filters.also_by) options=Signal::stored(options)
            value=Signal::derive(move || word().to_owned()) on_change=choose/>
        {move || match chosen.get() {
            Some(Narrow::Category) => view! {
                <Choice id="filter-category" label=say!(queue.category) options=Signal::stored(categories.clone())
                    value=Signal::derive(move || query.read().category.map(|c| c.to_string()).unwrap_or_default())
                    on_change=set(Narrow::Category)/>
            }.into_any(),
            Some(Narrow::Assignee) => view! {
                <Choice id="filter-assignee" label=say!(queue.filters.member) options=members
                    value=Signal::derive(move || query.read().assignee.map(|id| id.to_string()).unwrap_or_default())
                    on_change=set(Narrow::Assignee)/>
            }.into_any(),
            Some(Narrow::Location) => view! {
                <LocationFilter value=Signal::derive(move || query.read().location.clone().unwrap_or_default())
                    on_change=set(Narrow::Location)/>
            }.into_any(),
            Some(Narrow::Unsure) | None => ().into_any(),
        }}
    }
}

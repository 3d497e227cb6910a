//! Filters of ticket lists, as they stand in the address bar and in requests.

use api_types::{SortBy, StaffId, TicketQuery};
use leptos_router::params::ParamsMap;

/// The one filter beside the status that a list may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Narrow {
    /// One desk.
    Category,
    /// One staff member.
    Assignee,
    /// One place.
    Location,
    /// Those the classifier was unsure of.
    Unsure,
}

/// Reads a query from the address bar. What it does not understand, or what may not be combined, is left out.
pub(crate) fn parse_query(params: &ParamsMap) -> TicketQuery {
    let read = |key: &str| params.get_str(key).filter(|raw| !raw.is_empty());
    let sort: Option<SortBy> = read("sort").and_then(|raw| raw.parse().ok());
    let mut query = TicketQuery {
        status: read("status").and_then(|raw| raw.parse().ok()),
        sort: sort.filter(|sort| *sort != SortBy::Newest),
        ..TicketQuery::default()
    };
    if matches!(sort, Some(SortBy::Modified | SortBy::Affected)) {
        return query;
    }
    if let Some(category) = read("category").and_then(|raw| raw.parse().ok()) {
        query.category = Some(category);
    } else if let Some(assignee) = read("assignee").and_then(|raw| raw.parse().ok()) {
        query.assignee = Some(assignee);
    } else if let Some(location) = read("location") {
        query.location = Some(location.to_owned());
    } else if read("unsure") == Some("true") {
        query.unsure = Some(true);
    }
    query
}

/// The parameters of a query, by name.
pub(crate) fn query_pairs(query: &TicketQuery) -> Vec<(&'static str, String)> {
    [
        ("status", query.status.map(|status| status.to_string())),
        ("category", query.category.map(|category| category.to_string())),
        ("assignee", query.assignee.map(|assignee| assignee.to_string())),
        ("location", query.location.clone()),
        ("unsure", query.unsure.map(|unsure| unsure.to_string())),
        ("sort", query.sort.map(|sort| sort.to_string())),
        ("limit", query.limit.map(|limit| limit.to_string())),
        ("cursor", query.cursor.clone()),
    ]
    .into_iter()
    .filter_map(|(key, value)| Some((key, value?)))
    .collect()
}

/// A query as it stands in the address bar, with its question mark; empty without filters.
pub(crate) fn query_string(query: &TicketQuery, escape: impl Fn(&str) -> String) -> String {
    let pairs: Vec<String> = query_pairs(query)
        .into_iter()
        .map(|(key, value)| format!("{key}={}", escape(&value)))
        .collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// Which filter a query has beside its status.
pub(crate) fn narrow_of(query: &TicketQuery) -> Option<Narrow> {
    match query {
        TicketQuery { category: Some(_), .. } => Some(Narrow::Category),
        TicketQuery { assignee: Some(_), .. } => Some(Narrow::Assignee),
        TicketQuery { location: Some(_), .. } => Some(Narrow::Location),
        TicketQuery { unsure: Some(true), .. } => Some(Narrow::Unsure),
        _ => None,
    }
}

/// The query with this filter in place of any other; an empty value takes the filter away.
pub(crate) fn with_narrow(query: &TicketQuery, narrow: Narrow, value: &str) -> TicketQuery {
    let mut next = TicketQuery { status: query.status, sort: query.sort, ..TicketQuery::default() };
    match narrow {
        Narrow::Category => next.category = value.parse().ok(),
        Narrow::Assignee => next.assignee = value.parse::<StaffId>().ok(),
        Narrow::Location => next.location = (!value.is_empty()).then(|| value.to_owned()),
        Narrow::Unsure => next.unsure = (value == "true").then_some(true),
    }
    next
}

#[cfg(test)]
mod tests {
    use api_types::{Category, Status};

    use super::*;

    fn with(change: impl FnOnce(&mut TicketQuery)) -> TicketQuery {
        let mut query = TicketQuery::default();
        change(&mut query);
        query
    }

    #[test]
    fn a_query_stands_in_the_address_bar_in_its_own_words() {
        let query = with(|query| {
            query.status = Some(Status::Active);
            query.location = Some("B 12".into());
        });
        let escape = |raw: &str| raw.replace(' ', "%20");
        assert_eq!(query_string(&query, escape), "?status=active&location=B%2012");
        assert_eq!(query_string(&TicketQuery::default(), escape), "");
    }

    #[test]
    fn a_new_filter_takes_the_place_of_the_other_and_keeps_the_status() {
        let query = with(|query| {
            query.status = Some(Status::Open);
            query.category = Some(Category::It);
        });
        let next = with_narrow(&query, Narrow::Unsure, "true");
        assert_eq!(narrow_of(&next), Some(Narrow::Unsure));
        assert_eq!((next.status, next.category), (Some(Status::Open), None));
        assert_eq!(narrow_of(&with_narrow(&next, Narrow::Category, "")), None);
    }
}

//! Which ticket lists may be asked for: only those an index answers at any size.

use std::{fmt, str::FromStr};

use api_types::{
    Category, FieldCode, FieldProblem, Role, SortBy, StaffId, Status, TicketQuery, limits,
};
use chrono::{DateTime, Utc};

use super::text::Location;

/// What a list is narrowed to, besides status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// Nothing.
    None,
    /// One category.
    Category(Category),
    /// One assignee.
    Assignee(StaffId),
    /// One place.
    Location(Location),
    /// Tickets of whose category the classifier was unsure.
    Unsure,
}

/// What an order goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// `opened_at` or `modified_at`.
    At(DateTime<Utc>),
    /// `affected`.
    Count(i32),
}

/// The place in the order where the page before ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// What the order goes by, of its last ticket.
    pub key: Key,
    /// That ticket's number.
    pub id: i64,
}

/// A list that can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The statuses shown.
    pub statuses: &'static [Status],
    /// What else it is narrowed to.
    pub filter: Filter,
    /// The order.
    pub sort: SortBy,
    /// How many tickets, 1–100.
    pub limit: u32,
    /// Where to go on.
    pub after: Option<After>,
}

/// Why a list cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListingError {
    /// A parameter is wrong or cannot be combined with the others.
    Parameter(FieldProblem),
    /// A user asked for closed tickets.
    Forbidden,
}

impl From<FieldProblem> for ListingError {
    fn from(problem: FieldProblem) -> Self {
        Self::Parameter(problem)
    }
}

impl Listing {
    /// Reads a query string for a caller of this role.
    ///
    /// # Errors
    /// Names the parameter that is wrong or may not be combined; users may not ask for closed tickets.
    pub fn parse(query: &TicketQuery, role: Role) -> Result<Self, ListingError> {
        let sort = query.sort.unwrap_or(SortBy::Newest);
        let filter = parse_filter(query)?;
        if matches!(sort, SortBy::Modified | SortBy::Affected) && filter != Filter::None {
            let message = format!("{sort} can be combined with status only");
            return Err(FieldProblem::new("sort", FieldCode::NotAllowed, message).into());
        }
        Ok(Self {
            statuses: visible_statuses(query.status, role)?,
            filter,
            sort,
            limit: parse_limit(query.limit, limits::PAGE_DEFAULT, limits::PAGE_MAX)?,
            after: query.cursor.as_deref().map(|raw| parse_cursor(raw, sort)).transpose()?,
        })
    }

    /// The cursor of the page after a ticket with this place in the order.
    #[must_use]
    pub fn cursor(&self, after: After) -> String {
        Cursor { sort: self.sort, after }.to_string()
    }
}

fn visible_statuses(status: Option<Status>, role: Role) -> Result<&'static [Status], ListingError> {
    match (status, role) {
        (Some(Status::Open), _) => Ok(&[Status::Open]),
        (Some(Status::Active), _) => Ok(&[Status::Active]),
        (Some(Status::Closed), Role::Staff) => Ok(&[Status::Closed]),
        (Some(Status::Closed), Role::User) => Err(ListingError::Forbidden),
        (None, Role::User) => Ok(&[Status::Open, Status::Active]),
        (None, Role::Staff) => Ok(Status::ALL),
    }
}

fn parse_filter(query: &TicketQuery) -> Result<Filter, FieldProblem> {
    let mut filters = Vec::new();
    if let Some(category) = query.category {
        filters.push(("category", Filter::Category(category)));
    }
    if let Some(assignee) = query.assignee {
        filters.push(("assignee", Filter::Assignee(assignee)));
    }
    if let Some(location) = &query.location {
        filters.push(("location", Filter::Location(Location::parse(location)?)));
    }
    match query.unsure {
        Some(true) => filters.push(("unsure", Filter::Unsure)),
        Some(false) => {
            let message = "can only be true; leave it out otherwise";
            return Err(FieldProblem::new("unsure", FieldCode::NotAllowed, message));
        }
        None => {}
    }
    if let Some((field, _)) = filters.get(1) {
        let message = "only one of category, assignee, location and unsure at a time";
        return Err(FieldProblem::new(*field, FieldCode::NotAllowed, message));
    }
    Ok(filters.pop().map_or(Filter::None, |(_, filter)| filter))
}

/// Reads a page size.
///
/// # Errors
/// If it is not between 1 and `max`.
pub fn parse_limit(limit: Option<u32>, default: u32, max: u32) -> Result<u32, FieldProblem> {
    let limit = limit.unwrap_or(default);
    if (1..=max).contains(&limit) {
        return Ok(limit);
    }
    Err(FieldProblem::new("limit", FieldCode::OutOfRange, format!("must be between 1 and {max}"))
        .with_param("min", 1)
        .with_param("max", i64::from(max)))
}

struct Cursor {
    sort: SortBy,
    after: After,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = match self.after.key {
            Key::At(at) => at.timestamp_micros(),
            Key::Count(count) => i64::from(count),
        };
        write!(f, "{}.{key}.{}", self.sort, self.after.id)
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(raw: &str) -> Result<Self, ()> {
        let mut parts = raw.split('.');
        let mut next = || parts.next().ok_or(());
        let sort = next()?.parse().map_err(|_| ())?;
        let key: i64 = next()?.parse().map_err(|_| ())?;
        let id = next()?.parse().map_err(|_| ())?;
        let key = match sort {
            SortBy::Affected => Key::Count(key.try_into().map_err(|_| ())?),
            SortBy::Newest | SortBy::Oldest | SortBy::Modified => {
                let at = DateTime::from_timestamp_micros(key).ok_or(())?;
                Key::At(Some(at).filter(|at| IN_POSTGRES.contains(&at.timestamp())).ok_or(())?)
            }
        };
        if parts.next().is_some() {
            return Err(());
        }
        Ok(Self { sort, after: After { key, id } })
    }
}

/// Seconds since 1970 that a `timestamptz` holds for certain; chrono knows years PostgreSQL does not.
const IN_POSTGRES: std::ops::Range<i64> = -200_000_000_000..9_000_000_000_000;

fn parse_cursor(raw: &str, sort: SortBy) -> Result<After, FieldProblem> {
    match raw.parse::<Cursor>() {
        Ok(cursor) if cursor.sort == sort => Ok(cursor.after),
        _ => Err(FieldProblem::new(
            "cursor",
            FieldCode::InvalidFormat,
            "is not a cursor of this list; take it from `next` and keep the order",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_sees_open_and_active_and_may_not_ask_for_closed() {
        let all = Listing::parse(&TicketQuery::default(), Role::User).unwrap();
        assert_eq!(all.statuses, [Status::Open, Status::Active]);
        let closed = TicketQuery { status: Some(Status::Closed), ..TicketQuery::default() };
        assert_eq!(Listing::parse(&closed, Role::User), Err(ListingError::Forbidden));
        assert!(Listing::parse(&closed, Role::Staff).is_ok());
    }

    #[test]
    fn combinations_without_an_index_are_refused_by_the_name_of_the_second_filter() {
        let two = TicketQuery {
            category: Some(Category::It),
            location: Some("Library".into()),
            ..TicketQuery::default()
        };
        let Err(ListingError::Parameter(problem)) = Listing::parse(&two, Role::Staff) else {
            panic!("two filters were accepted");
        };
        assert_eq!((problem.field.as_str(), problem.code), ("location", FieldCode::NotAllowed));
    }

    #[test]
    fn a_forged_or_foreign_cursor_is_refused() {
        for cursor in [
            "",
            "newest",
            "oldest.1.2",
            "newest.1.2.3",
            "newest.9223372036854775807.1",
            "newest.x.1",
        ] {
            let query = TicketQuery { cursor: Some(cursor.into()), ..TicketQuery::default() };
            assert!(Listing::parse(&query, Role::User).is_err(), "{cursor}");
        }
    }
}

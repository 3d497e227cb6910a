//! `GET /tickets`: the allowed filters and orders, the walk from page to page, and what a list costs.

use std::collections::BTreeSet;

use api_types::{Page, ProblemKind, Role, Ticket, TicketQuery, paths};
use backend::{
    db::queries::listing,
    demo::{self, DemoArgs},
    domain::listing::Listing,
};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};
use serde_json::json;
use tokio_postgres::Client as Sql;

use crate::support::{Desk, Person};

async fn list(person: &Person, query: &str) -> Page<Ticket> {
    person.get(&format!("{}?{query}", paths::TICKETS)).send().await.read(200)
}

/// The numbers of every page, one after the other.
async fn walk(person: &Person, query: &str) -> Vec<i64> {
    let first = list(person, query).await;
    let mut ids: Vec<i64> = first.items.iter().map(|ticket| ticket.id.0).collect();
    ids.extend(walk_on(person, query, first.next).await);
    ids
}

/// The numbers of every page from a cursor on.
async fn walk_on(person: &Person, query: &str, mut cursor: Option<String>) -> Vec<i64> {
    let mut ids = Vec::new();
    while let Some(next) = cursor {
        let page = list(person, &format!("{query}&cursor={next}")).await;
        ids.extend(page.items.iter().map(|ticket| ticket.id.0));
        cursor = page.next;
    }
    ids
}

async fn ids(sql: &Sql, rest: &str) -> Vec<i64> {
    let rows = sql.query(&format!("SELECT id FROM tickets {rest}"), &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

async fn load_demo(desk: &Desk, tickets: u64) {
    let database =
        backend::config::DatabaseArgs { database_url: None, data_dir: None, db_connections: 1 };
    let args = DemoArgs { database, tickets, seed: 3, until: None };
    demo::load(desk.database.url(), &args).await.unwrap();
}

#[tokio::test]
async fn every_allowed_filter_and_order_gives_what_sql_says_page_by_page() {
    let desk = Desk::start().await;
    load_demo(&desk, 600).await;
    let sql = desk.sql().await;
    let place = "SELECT location FROM tickets WHERE location IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1";
    let place: String = sql.query_one(place, &[]).await.unwrap().get(0);
    let encoded: String = form_urlencoded::byte_serialize(place.as_bytes()).collect();
    let busy = "SELECT assignee_id FROM tickets WHERE assignee_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1";
    let busy: i64 = sql.query_one(busy, &[]).await.unwrap().get(0);
    let filters = [
        (String::new(), "true".to_owned()),
        ("&category=it".into(), "category = 'it'".into()),
        (format!("&assignee={busy}"), format!("assignee_id = {busy}")),
        (format!("&location={encoded}"), format!("location = '{}'", place.replace('\'', "''"))),
        ("&unsure=true".into(), "unsure".into()),
    ];
    let statuses = ["", "&status=open", "&status=active", "&status=closed"];
    for (filter, condition) in &filters {
        for status in statuses {
            for (sort, order) in [
                ("", "opened_at DESC, id DESC"),
                ("&sort=newest", "opened_at DESC, id DESC"),
                ("&sort=oldest", "opened_at, id"),
                ("&sort=modified", "modified_at DESC, id DESC"),
            ] {
                if sort == "&sort=modified" && !filter.is_empty() {
                    continue;
                }
                let of = status.strip_prefix("&status=").unwrap_or("%");
                let rest = format!("WHERE {condition} AND status LIKE '{of}' ORDER BY {order}");
                let query = format!("limit=23{filter}{status}{sort}");
                assert_eq!(walk(&desk.staff(), &query).await, ids(&sql, &rest).await, "{query}");
            }
        }
    }
}

#[tokio::test]
async fn a_walk_has_no_gap_and_no_double_where_many_tickets_were_opened_at_once() {
    let desk = Desk::start().await;
    let insert = "INSERT INTO tickets (title, description, category, category_by, opened_at, modified_at) \
                  SELECT 't', 'd', 'it', 'staff', at, at FROM generate_series(1, 130) n, \
                  LATERAL (SELECT timestamptz '2026-03-01 12:00:00.000001' + (n % 3) * interval '1 microsecond') t(at)";
    let sql = desk.sql().await;
    sql.batch_execute(insert).await.unwrap();
    for (sort, order) in [
        ("newest", "opened_at DESC, id DESC"),
        ("oldest", "opened_at, id"),
        ("modified", "modified_at DESC, id DESC"),
    ] {
        let walked = walk(&desk.user(), &format!("limit=7&sort={sort}")).await;
        assert_eq!(walked, ids(&sql, &format!("ORDER BY {order}")).await, "{sort}");
        assert_eq!(walked.iter().collect::<BTreeSet<_>>().len(), 130);
    }
}

#[tokio::test]
async fn a_walk_goes_on_though_tickets_are_reported_and_closed_meanwhile() {
    let desk = Desk::start().await;
    for n in 0..10 {
        desk.report(&format!("Number {n}")).await;
    }
    let first = list(&desk.user(), "limit=4").await;
    desk.report("One more").await;
    let last = first.items.last().unwrap();
    desk.staff().close(last, "Done.").await;
    let rest = walk_on(&desk.user(), "limit=4", first.next).await;
    let seen: Vec<i64> = first.items.iter().map(|ticket| ticket.id.0).chain(rest).collect();
    assert_eq!(seen, (1..=10).rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_page_has_25_tickets_unless_asked_and_the_last_has_no_next() {
    let desk = Desk::start().await;
    load_demo(&desk, 300).await;
    for (query, length) in [("", 25), ("limit=1", 1), ("limit=26", 26), ("limit=100", 100)] {
        let page = list(&desk.staff(), query).await;
        assert_eq!((page.items.len(), page.next.is_some()), (length, true), "{query}");
    }
    let place = "location=No+such+place";
    let empty = list(&desk.staff(), place).await;
    assert_eq!((empty.items.len(), empty.next), (0, None));
}

#[tokio::test]
async fn a_user_never_sees_a_closed_ticket_however_they_ask() {
    let desk = Desk::start().await;
    load_demo(&desk, 300).await;
    let sql = desk.sql().await;
    let seen = walk(&desk.user(), "limit=50").await;
    let expected = ids(&sql, "WHERE status <> 'closed' ORDER BY opened_at DESC, id DESC").await;
    assert_eq!(seen, expected);
    assert!(!seen.is_empty() && seen.len() < 300);
    for filter in ["category=facility", "assignee=1", "unsure=true", "sort=modified"] {
        let page = list(&desk.user(), &format!("{filter}&limit=100")).await;
        assert!(page.items.iter().all(|ticket| ticket.closed_at.is_none()), "{filter}");
    }
    let closed = desk.user().get(&format!("{}?status=closed", paths::TICKETS)).send().await;
    closed.refused(ProblemKind::Forbidden);
    // A cursor that staff were given opens nothing.
    let cursor = list(&desk.staff(), "limit=5").await.next.unwrap();
    let page = list(&desk.user(), &format!("cursor={cursor}")).await;
    assert!(page.items.iter().all(|ticket| ticket.closed_at.is_none()));
}

#[tokio::test]
async fn what_no_index_answers_is_refused_by_the_name_of_the_parameter() {
    let desk = Desk::start().await;
    for (query, parameter) in [
        ("category=it&assignee=1", "assignee"),
        ("category=it&location=Library", "location"),
        ("location=Library&unsure=true", "unsure"),
        ("assignee=1&unsure=true", "unsure"),
        ("sort=modified&category=it", "sort"),
        ("sort=modified&unsure=true&status=open", "sort"),
        ("unsure=false", "unsure"),
        ("sort=title", "sort"),
        ("status=done", "status"),
        ("status=open&status=active", "status"),
        ("category=cats", "category"),
        ("assignee=Ada", "assignee"),
        ("assignee=9223372036854775808", "assignee"),
        ("location=", "location"),
        ("location=%00", "location"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("limit=ten", "limit"),
        ("cursor=", "cursor"),
        ("cursor=newest.1", "cursor"),
        ("cursor=oldest.1.1", "cursor"),
        ("cursor=newest.9223372036854775807.1", "cursor"),
        ("cursor=newest.1.99999999999999999999", "cursor"),
        ("cursor=%F0%9F%92%A3", "cursor"),
        ("colour=red", "colour"),
        ("Status=open", "Status"),
    ] {
        let answer = desk.staff().get(&format!("{}?{query}", paths::TICKETS)).send().await;
        answer.refused_field(ProblemKind::InvalidRequest, parameter);
    }
}

/// Every list that may be asked for.
fn allowed_queries() -> Vec<TicketQuery> {
    let filters = [
        json!({}),
        json!({ "category": "services" }),
        json!({ "assignee": 1 }),
        json!({ "location": "Main library" }),
        json!({ "unsure": true }),
    ];
    let cursors = |sort: &str| [None, Some(format!("{sort}.1772366400000000.5"))];
    let mut queries = Vec::new();
    for filter in &filters {
        for status in [None, Some("open"), Some("active"), Some("closed")] {
            for sort in ["newest", "oldest", "modified"] {
                for cursor in cursors(sort) {
                    if sort == "modified" && filter != &json!({}) {
                        continue;
                    }
                    let mut query = filter.clone();
                    query["status"] = json!(status);
                    query["sort"] = json!(sort);
                    query["cursor"] = json!(cursor);
                    queries.push(serde_json::from_value(query).unwrap());
                }
            }
        }
    }
    queries
}

#[tokio::test]
async fn no_allowed_list_reads_the_whole_table_or_sorts_it() {
    let desk = Desk::start().await;
    load_demo(&desk, 8_000).await;
    let mut conn = AsyncPgConnection::establish(desk.database.url()).await.unwrap();
    for query in allowed_queries() {
        for role in Role::ALL {
            if let Ok(listing) = Listing::parse(&query, *role) {
                listing::list_tickets(&mut conn, &listing).await.unwrap();
            }
        }
    }
    let plans = explain_prepared(&mut conn, "SELECT t.id%FROM tickets%").await;
    // 5 filters × 4 statuses × 2 orders and the third order of the unfiltered list, each with and without a cursor, and
    // the two statuses of a user.
    assert!(plans.len() >= 88, "only {} statements were prepared", plans.len());
    for (statement, plan) in plans {
        let is_cheap = !plan.contains("Seq Scan on tickets") && !plan.contains("Sort Key: t.");
        assert!(is_cheap, "{statement}\n{plan}");
    }
}

/// The plans of the statements like this that a connection has prepared, as they are planned for any values.
pub(crate) async fn explain_prepared(
    conn: &mut AsyncPgConnection,
    like: &str,
) -> Vec<(String, String)> {
    use diesel::{QueryableByName, sql_query, sql_types::Text};
    use diesel_async::RunQueryDsl as _;

    #[derive(QueryableByName)]
    struct Prepared {
        #[diesel(sql_type = Text)]
        name: String,
        #[diesel(sql_type = Text)]
        statement: String,
        #[diesel(sql_type = Text)]
        call: String,
    }
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
        line: String,
    }
    sql_query("SET plan_cache_mode = force_generic_plan").execute(conn).await.unwrap();
    let prepared = "SELECT name, statement, coalesce('(' || nullif(array_to_string(array_fill('NULL'::text, \
                    ARRAY[cardinality(parameter_types)]), ', '), '') || ')', '') AS call \
                    FROM pg_prepared_statements WHERE statement LIKE $1";
    let prepared: Vec<Prepared> =
        sql_query(prepared).bind::<Text, _>(like).load(conn).await.unwrap();
    let mut plans = Vec::new();
    for Prepared { name, statement, call } in prepared {
        let explain = format!("EXPLAIN EXECUTE \"{name}\"{call}");
        let lines: Vec<Line> = sql_query(explain).load(conn).await.unwrap();
        let plan: Vec<String> = lines.into_iter().map(|line| line.line).collect();
        plans.push((statement, plan.join("\n")));
    }
    plans
}

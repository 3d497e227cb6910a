//! Merges of merged tickets: A into B, B into C, and back.

use api_types::{Message, Page, ProblemKind, Report, Status, Ticket, TicketId, paths};
use serde_json::json;

use crate::support::{Desk, Person};

/// The thread of a ticket: what was written, and under which ticket where that was another.
async fn thread(desk: &Desk, id: TicketId) -> Vec<(String, Option<i64>)> {
    let path = paths::messages(id);
    let page: Page<Message> = desk.staff().without_redirects().get(&path).send().await.read(200);
    page.items.into_iter().map(|m| (m.body, m.origin.map(|ticket| ticket.0))).collect()
}

/// Three tickets, each with one message and one other browser that joined.
async fn three(desk: &Desk, reporters: [&Person; 3]) -> [Ticket; 3] {
    let mut tickets = Vec::new();
    for (reporter, word) in reporters.into_iter().zip(["lamp", "tap", "door"]) {
        let ticket = reporter.report(json!({ "title": word, "description": "Broken" })).await;
        reporter.write(ticket.id, json!({ "body": word })).await;
        desk.user().join(ticket.id).await;
        tickets.push(desk.user().find(ticket.id).await);
    }
    tickets.try_into().unwrap()
}

#[tokio::test]
async fn a_chain_is_followed_and_undone_link_by_link() {
    let desk = Desk::start().await;
    let [a, b, c] = three(&desk, [&desk.user(), &desk.user(), &desk.user()]).await;
    desk.staff().merge(a.id, b.id).await;
    let between = desk.staff().find(b.id).await;
    let target = desk.staff().merge(b.id, c.id).await;
    assert_eq!((target.affected, target.messages), (5, 3));
    let own = |word: &str| (word.to_owned(), None);
    let from = |word: &str, ticket: &Ticket| (word.to_owned(), Some(ticket.id.0));
    assert_eq!(thread(&desk, c.id).await, [from("lamp", &a), from("tap", &b), own("door")]);
    for id in [a.id, b.id] {
        assert_eq!(desk.user().find(id).await.id, c.id);
        for q in ["lamp", "tap", "door"] {
            let found = desk.user().search(q).await.items;
            assert_eq!(found.iter().map(|hit| hit.id).collect::<Vec<_>>(), [c.id.0], "{q}");
        }
    }
    let what: Vec<_> = desk.user().history(c.id).await.into_iter().map(|line| line.0).collect();
    assert_eq!(what.iter().filter(|what| *what == "reported").count(), 3);

    // The link in the middle is undone last.
    let early = desk.staff().delete(&paths::merge(a.id)).send().await;
    early.refused(ProblemKind::Merged);
    desk.staff().unmerge(b.id).await;
    assert_eq!(thread(&desk, b.id).await, [from("lamp", &a), own("tap")]);
    assert_eq!(thread(&desk, c.id).await, [own("door")]);
    let same = |now: Ticket, then: &Ticket| {
        assert_eq!(Ticket { modified_at: then.modified_at, ..now }, *then);
    };
    same(desk.staff().find(b.id).await, &between);
    same(desk.staff().find(c.id).await, &c);
    desk.staff().unmerge(a.id).await;
    for ticket in [&a, &b, &c] {
        assert_eq!(thread(&desk, ticket.id).await, [own(&ticket.title)]);
        same(desk.staff().find(ticket.id).await, ticket);
        let found = desk.user().search(&ticket.title).await.items;
        assert_eq!(found.iter().map(|hit| hit.id).collect::<Vec<_>>(), [ticket.id.0]);
    }
}

#[tokio::test]
async fn whoever_reported_or_joined_a_merged_ticket_reads_how_the_last_one_stands() {
    let desk = Desk::start().await;
    let (reporter, joiner, both) = (desk.user(), desk.user(), desk.user());
    let [a, b, c] = three(&desk, [&reporter, &desk.user(), &both]).await;
    joiner.join(a.id).await;
    both.join(a.id).await;
    desk.staff().merge(a.id, b.id).await;
    desk.staff().merge(b.id, c.id).await;
    let report = async |person: &Person| {
        let page: Page<Report> = person.get(paths::MY_REPORTS).send().await.read(200);
        page.items.into_iter().find(|report| report.id == a.id).unwrap()
    };
    for (person, joined) in [(&reporter, false), (&joiner, true), (&both, true)] {
        let told = report(person).await;
        assert_eq!((told.title.as_str(), told.joined), ("lamp", joined));
        assert_eq!((told.merged_into, told.status), (Some(c.id), Status::Open));
        assert_eq!((told.answer, told.opened_at), (None, a.opened_at));
    }
    desk.staff().write(c.id, json!({ "body": "All three on Monday." })).await;
    let target = desk.staff().find(c.id).await;
    let closed = desk.staff().close(&target, "All repaired.").await;
    for person in [&reporter, &joiner, &both] {
        let told = report(person).await;
        assert_eq!((told.merged_into, told.status), (Some(c.id), Status::Closed));
        assert_eq!(told.resolution.as_deref(), Some("All repaired."));
        assert_eq!(told.answer.as_deref(), Some("All three on Monday."));
        assert_eq!((told.closed_at, told.modified_at), (closed.closed_at, closed.modified_at));
    }
    desk.staff().unmerge(b.id).await;
    let told = report(&reporter).await;
    assert_eq!((told.merged_into, told.status), (Some(b.id), Status::Open));
    assert_eq!((told.resolution, told.answer), (None, None));
}

#[tokio::test]
async fn whoever_leaves_the_last_one_leaves_all_and_stays_away_when_that_is_undone() {
    let desk = Desk::start().await;
    let (one, other) = (desk.user(), desk.user());
    let [a, b, c] = three(&desk, [&desk.user(), &desk.user(), &desk.user()]).await;
    one.join(a.id).await;
    one.join(c.id).await;
    desk.staff().merge(a.id, b.id).await;
    assert_eq!(desk.user().find(b.id).await.affected, 4);
    let target = desk.staff().merge(b.id, c.id).await;
    assert_eq!(target.affected, 6);
    assert_eq!(other.join(c.id).await.affected, 7);
    assert_eq!(one.leave(c.id).await.affected, 6);
    desk.staff().unmerge(b.id).await;
    let affected = async |id| desk.user().find(id).await.affected;
    assert_eq!((affected(b.id).await, affected(c.id).await), (3, 2));
    desk.staff().unmerge(a.id).await;
    assert_eq!((affected(a.id).await, affected(b.id).await, affected(c.id).await), (1, 1, 2));
}

#[tokio::test]
async fn whoever_joined_a_ticket_and_leaves_where_it_was_merged_is_counted_no_more() {
    let desk = Desk::start().await;
    let (one, [a, b, _]) =
        (desk.user(), three(&desk, [&desk.user(), &desk.user(), &desk.user()]).await);
    one.join(a.id).await;
    assert_eq!(desk.staff().merge(a.id, b.id).await.affected, 4);
    assert_eq!(one.leave(b.id).await.affected, 3);
    assert_eq!(desk.user().find(b.id).await.affected, 3);
}

#[tokio::test]
async fn a_ticket_without_a_browser_counts_as_one_more_where_it_is_merged() {
    let desk = Desk::start().await;
    let insert = "INSERT INTO tickets (title, description, category, category_by) \
                  SELECT 't' || n, 'd', 'it', 'staff' FROM generate_series(1, 3) n";
    desk.sql().await.batch_execute(insert).await.unwrap();
    desk.staff().merge(TicketId(1), TicketId(2)).await;
    assert_eq!(desk.staff().merge(TicketId(2), TicketId(3)).await.affected, 2);
}

//! `GET /tickets/{id}/images`: page by page, like the other lists.

use api_types::{Image, ImageId, Page, ProblemKind, TicketId, paths};

use super::pictures;
use crate::support::{Desk, Person};

async fn page(person: &Person, ticket: TicketId, query: &str) -> Page<Image> {
    person.get(&format!("{}{query}", paths::ticket_images(ticket))).send().await.read(200)
}

fn ids(page: &Page<Image>) -> Vec<ImageId> {
    page.items.iter().map(|image| image.id).collect()
}

#[tokio::test]
async fn photos_of_a_ticket_and_of_those_merged_into_it_come_page_by_page() {
    let desk = Desk::start().await;
    let user = desk.user();
    let (lamp, tap) = (desk.report("A lamp").await, desk.report("A tap").await);
    let mut expected = Vec::new();
    for number in 0..7 {
        let ticket = if number % 2 == 0 { lamp.id } else { tap.id };
        expected.push(user.attach(ticket, pictures::photo(number)).await.id);
    }
    desk.staff().merge(lamp.id, tap.id).await;
    let (mut seen, mut sizes, mut cursor) = (Vec::new(), Vec::new(), String::new());
    loop {
        let page = page(&user, tap.id, &format!("?limit=3{cursor}")).await;
        seen.extend(ids(&page));
        sizes.push(page.items.len());
        let Some(next) = page.next else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!((seen, sizes), (expected.clone(), vec![3, 3, 1]));
    // The last page is full, and none follows.
    let whole = page(&user, tap.id, "?limit=7").await;
    assert_eq!((ids(&whole), whole.next), (expected.clone(), None));
    let all = page(&user, tap.id, "").await;
    assert_eq!((ids(&all), all.next), (expected, None));
    let behind = page(&user, tap.id, "?cursor=999999").await;
    assert_eq!((behind.items.len(), behind.next), (0, None));
}

#[tokio::test]
async fn a_page_that_is_none_is_refused_by_name() {
    let desk = Desk::start().await;
    let (user, ticket) = (desk.user(), desk.report("A lamp").await);
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("cursor=", "cursor"),
        ("cursor=x", "cursor"),
        ("cursor=-1", "cursor"),
        ("page=2", "page"),
    ] {
        let path = format!("{}?{query}", paths::ticket_images(ticket.id));
        let answer = user.get(&path).send().await;
        answer.refused_field(ProblemKind::InvalidRequest, field);
    }
}

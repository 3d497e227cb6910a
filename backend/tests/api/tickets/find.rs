//! `GET /tickets/{id}`.

use api_types::{ProblemKind, Ticket, TicketId, paths};

use crate::support::Desk;

#[tokio::test]
async fn a_ticket_is_read_with_its_version_as_etag_and_never_answered_304() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    let answer = desk.user().get(&paths::ticket(ticket.id)).send().await;
    assert_eq!(answer.read::<Ticket>(200), ticket);
    assert_eq!(answer.header("etag"), Some("\"1\""));
    let again = desk.user().get(&paths::ticket(ticket.id)).header("if-none-match", "\"1\"");
    assert_eq!(again.send().await.read::<Ticket>(200), ticket);
}

#[tokio::test]
async fn a_closed_ticket_is_gone_for_users_and_there_for_staff() {
    let desk = Desk::start().await;
    let closed = desk.closed("It drips").await;
    for path in [paths::ticket(closed.id), paths::messages(closed.id), paths::history(closed.id)] {
        desk.user().get(&path).send().await.refused(ProblemKind::NotFound);
        assert_eq!(desk.staff().get(&path).send().await.status, 200, "{path}");
    }
    assert_eq!(desk.staff().find(closed.id).await, closed);
}

#[tokio::test]
async fn what_a_user_is_told_of_a_closed_ticket_and_of_none_is_the_same() {
    let desk = Desk::start().await;
    let closed = desk.closed("It drips").await;
    let ask = async |id| {
        let problem =
            desk.user().get(&paths::ticket(id)).send().await.refused(ProblemKind::NotFound);
        (problem.title, problem.detail, problem.fields)
    };
    assert_eq!(ask(closed.id).await, ask(TicketId(999_999)).await);
}

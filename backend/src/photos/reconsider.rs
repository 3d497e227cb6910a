//! Photos help where a ticket's text alone leaves its category unsure.

use api_types::{CategoryBy, EventKind, Role, Status, TicketId};
use diesel_async::AsyncPgConnection;

use crate::{
    app::App,
    classifier::Verdict,
    convert,
    db::{queries, rows},
    domain::{
        caller::Caller,
        ticket::{HistoryLine, NewGuess},
    },
    error::AppError,
};

/// Asks again for each of these tickets. Call it with all of them locked.
pub(super) async fn reconsider_tickets(
    conn: &mut AsyncPgConnection,
    app: &App,
    tickets: &[TicketId],
) -> Result<(), AppError> {
    for id in tickets {
        if let Some(row) = queries::ticket::find_ticket(conn, *id).await? {
            let nobody = Caller { role: Role::User, name: None, client: None };
            reconsider_ticket(conn, app, &row, &nobody).await?;
        }
    }
    Ok(())
}

/// Gives a ticket the category that its texts and the labels of its photos together make sure, if its texts alone do not
/// and nobody decided it. Call it with the ticket locked.
pub(crate) async fn reconsider_ticket(
    conn: &mut AsyncPgConnection,
    app: &App,
    row: &rows::Ticket,
    caller: &Caller,
) -> Result<(), AppError> {
    let is_settled = !row.unsure || row.category_by != CategoryBy::Automatic;
    if is_settled || row.status == Status::Closed || row.merged_into.is_some() {
        return Ok(());
    }
    let labels = queries::label::labels_of(conn, row.id).await?;
    let model = app.classifier().model();
    let verdict = Verdict::with_labels(&model, &row.title, &row.description, labels.as_deref());
    if verdict.unsure {
        return Ok(());
    }
    let (from, to) = (row.category.to_string(), verdict.category.to_string());
    let guess = NewGuess { decides: true, ..convert::new_guess(verdict) };
    queries::ticket::update_ticket(conn, row.id, &convert::reclassification(Some(guess))).await?;
    if from != to {
        let line = HistoryLine { what: EventKind::Reclassified, from: Some(from), to: Some(to) };
        let line = convert::history_row(line, row.id, caller);
        queries::event::create_events(conn, &[line]).await?;
    }
    Ok(())
}

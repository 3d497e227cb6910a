//! Photos help where a ticket's text alone leaves its category unsure.

use api_types::{CategoryBy, EventKind, Status, TicketId};
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
pub(crate) async fn reconsider_tickets(
    conn: &mut AsyncPgConnection,
    app: &App,
    tickets: &[TicketId],
    caller: &Caller,
) -> Result<(), AppError> {
    for id in tickets {
        if let Some(row) = queries::ticket::find_ticket(conn, *id).await? {
            reconsider_ticket(conn, app, &row, caller).await?;
        }
    }
    Ok(())
}

/// Asks again for those of these tickets whose photos have labels: one to which a photo came that says nothing stays as it
/// is, whatever the model of today makes of its texts. Call it with all of them locked.
pub(crate) async fn reconsider_labelled(
    conn: &mut AsyncPgConnection,
    app: &App,
    tickets: &[TicketId],
    caller: &Caller,
) -> Result<(), AppError> {
    for id in tickets {
        if queries::label::labels_of(conn, *id).await?.is_some() {
            reconsider_tickets(conn, app, &[*id], caller).await?;
        }
    }
    Ok(())
}

/// Gives a ticket the category that its texts and the labels of its photos have together, if its texts alone leave it unsure
/// and nobody decided it. A label that is gone takes along what it made sure. Call it with the ticket locked.
pub(crate) async fn reconsider_ticket(
    conn: &mut AsyncPgConnection,
    app: &App,
    row: &rows::Ticket,
    caller: &Caller,
) -> Result<(), AppError> {
    let is_decided = row.category_by != CategoryBy::Automatic;
    if is_decided || row.status == Status::Closed || row.merged_into.is_some() {
        return Ok(());
    }
    let model = app.classifier().model();
    if !Verdict::of(&model, &row.title, &row.description).unsure {
        return Ok(());
    }
    let labels = queries::label::labels_of(conn, row.id).await?;
    let verdict = Verdict::with_labels(&model, &row.title, &row.description, labels.as_deref());
    if (verdict.category, verdict.unsure) == (row.category, row.unsure) {
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

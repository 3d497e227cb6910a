//! Which tickets may be merged.

use api_types::{ProblemKind, Status, TicketId};

use super::ticket::Refusal;

/// What a merge depends on, of one of its two tickets.
#[derive(Debug, Clone, Copy)]
pub struct Side {
    /// Its number.
    pub id: TicketId,
    /// Where it stands.
    pub status: Status,
    /// The ticket it was merged into.
    pub merged_into: Option<TicketId>,
}

/// Whether one ticket can be merged into the other: both are worked on, and neither was merged before.
///
/// # Errors
/// The refusal of the first that cannot.
pub fn check_merge(ticket: Side, into: Side) -> Result<(), Refusal> {
    for side in [ticket, into] {
        check_not_merged(side)?;
        if side.status == Status::Closed {
            let detail = format!("Ticket #{} is closed and can only be read.", side.id);
            return Err(Refusal { kind: ProblemKind::Closed, detail });
        }
    }
    Ok(())
}

/// Whether a ticket stands for itself.
///
/// # Errors
/// The refusal that names the ticket it was merged into.
pub fn check_not_merged(side: Side) -> Result<(), Refusal> {
    let Some(target) = side.merged_into else { return Ok(()) };
    let detail = format!("Ticket #{} was merged into #{target}.", side.id);
    Err(Refusal { kind: ProblemKind::Merged, detail })
}

//! What is measured.

use std::net::SocketAddr;

use anyhow::Result;

use super::{
    desk::BenchDesk,
    load::{Numbers, Request, Script},
    streams::{Heard, STREAMS},
};

/// One line of the table.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) request: Request,
    /// Where the desk answers it.
    pub(super) address: SocketAddr,
    /// Where the smallest handler answers the same.
    pub(super) reference: Option<SocketAddr>,
    /// What is asked there, if it is not the same.
    pub(super) reference_request: Option<Request>,
    /// The same statement for pgbench.
    pub(super) script: Option<Script>,
    /// What else goes on.
    pub(super) meanwhile: Meanwhile,
    /// How long a turn lasts at least.
    pub(super) least_seconds: u64,
}

/// What goes on while something is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Meanwhile {
    /// Nothing.
    Nothing,
    /// So many edits of tickets a second.
    Edits(u32),
    /// Everybody has the desk open and hears of so many edits a second.
    Streams(u32),
}

impl Meanwhile {
    /// How many tickets a second are edited.
    pub(super) const fn edits_per_second(self) -> Option<u32> {
        match self {
            Self::Nothing => None,
            Self::Edits(per_second) | Self::Streams(per_second) => Some(per_second),
        }
    }
}

/// What came of it.
pub(super) struct Measured {
    pub(super) ours: Numbers,
    pub(super) reference: Option<Numbers>,
    /// Transactions a second.
    pub(super) postgres: Option<f64>,
    pub(super) edits_per_second: Option<f64>,
    /// What the streams heard meanwhile.
    pub(super) heard: Option<Heard>,
}

const TICKETS: &str = "/api/v1/tickets";

/// Every row: reads, then creates, which change what is read, then analyses,
/// then what is left when everybody listens.
///
/// # Errors  When the database cannot say which values are rarest.
pub(super) fn all(desk: &BenchDesk) -> Result<Vec<Row>> {
    let mut rows = read_rows(desk)?;
    let search = "/api/v1/search?q=";
    for (name, request) in [
        ("search, as user", Request::search(search, "user")),
        ("search, as staff", Request::search(search, "staff")),
        ("similar reports", Request::similar("/api/v1/similar")),
        ("classify 1,000 characters", Request::classify("/api/v1/classify")),
    ] {
        rows.push(Row::alone(name, request, desk.api(), Meanwhile::Nothing));
    }
    rows.extend(photo_rows(desk));
    rows.push(Row::beside(desk, "create", Request::create(TICKETS), Script::plain("create")));
    for analysis in [
        "open-in-period?last=30d",
        "resolution-time-by-month",
        "active-by-category",
        "triage-accuracy",
    ] {
        let request = Request::path(&format!("/analytics/v1/analyses/{analysis}"));
        let name = format!("analysis {analysis}");
        rows.push(Row::alone(&name, request, desk.analytics(), Meanwhile::Edits(100)));
    }
    for (name, request) in [
        ("25 tickets", Request::path(TICKETS)),
        ("one ticket", Request::ticket(TICKETS, desk.tickets)),
        ("create", Request::create(TICKETS)),
    ] {
        let name = format!("{name}, {STREAMS} streams open");
        rows.push(Row::alone(&name, request, desk.api(), Meanwhile::Streams(10)));
    }
    Ok(rows)
}

impl Row {
    /// A row of the ticket API, with the smallest handler and PostgreSQL itself beside it.
    fn beside(desk: &BenchDesk, name: &str, request: Request, script: Script) -> Self {
        Self {
            reference: Some(desk.reference()),
            script: Some(script),
            ..Self::alone(name, request, desk.api(), Meanwhile::Nothing)
        }
    }

    /// A row with nothing beside it.
    fn alone(name: &str, request: Request, address: SocketAddr, meanwhile: Meanwhile) -> Self {
        Self {
            name: name.to_owned(),
            request,
            address,
            reference: None,
            reference_request: None,
            script: None,
            meanwhile,
            least_seconds: 0,
        }
    }
}

/// Lists, unfiltered and with the rarest value of each filter, and single tickets.
fn read_rows(desk: &BenchDesk) -> Result<Vec<Row>> {
    let row = |name: &str, request, script| Row::beside(desk, name, request, script);
    let mut rows =
        vec![row("25 tickets, unfiltered", Request::path(TICKETS), Script::plain("list"))];
    for (filter, column) in [
        ("status", "status"),
        ("category", "category"),
        ("assignee", "assignee_id"),
        ("location", "location"),
    ] {
        let value = desk.ask(&format!(
            "SELECT {column} FROM tickets WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY count(*), 1 LIMIT 1"
        ))?;
        if value.is_empty() {
            continue;
        }
        let request = Request::path(&format!("{TICKETS}?{filter}={}", encode(&value)));
        let script = Script::with_value(&format!("list_{filter}"), &value);
        rows.push(row(&format!("25 tickets, rarest {filter}"), request, script));
    }
    let unsure = Request::path(&format!("{TICKETS}?unsure=true"));
    rows.push(row("25 tickets, unsure", unsure, Script::plain("list_unsure")));
    let (one, script) = (Request::ticket(TICKETS, desk.tickets), Script::ticket(desk.tickets));
    rows.push(row("one ticket", one, script));
    Ok(rows)
}

/// Thumbnails beside nginx with the same files, and uploads, each a photo that the desk has not seen.
fn photo_rows(desk: &BenchDesk) -> [Row; 2] {
    let photos = desk.photos();
    let thumbnail = Request::one_of(&photos.thumbnails);
    let thumbnail = Row {
        reference: Some(photos.nginx),
        reference_request: Some(Request::one_of(&photos.files)),
        ..Row::alone(
            "thumbnail of a photo, beside nginx",
            thumbnail,
            desk.api(),
            Meanwhile::Nothing,
        )
    };
    let upload = Request::upload("/api/v1/images", &photos.upload);
    let upload = Row {
        // One takes a good part of a second, and they wait for each other.
        least_seconds: 10,
        ..Row::alone("upload of a photo of 12 megapixels", upload, desk.api(), Meanwhile::Nothing)
    };
    [thumbnail, upload]
}

fn encode(value: &str) -> String {
    let keep = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(byte);
    value
        .bytes()
        .map(|byte| if keep(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_with_spaces_and_umlauts_is_encoded() {
        assert_eq!(encode("Haus ä-1"), "Haus%20%C3%A4-1");
    }
}

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
    let row = |name: &str, request: Request, script: Script| Row {
        name: name.to_owned(),
        request,
        address: desk.api(),
        reference: Some(desk.reference()),
        reference_request: None,
        script: Some(script),
        meanwhile: Meanwhile::Nothing,
    };
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
    rows.push(row(
        "25 tickets, unsure",
        Request::path(&format!("{TICKETS}?unsure=true")),
        Script::plain("list_unsure"),
    ));
    rows.push(row(
        "one ticket",
        Request::ticket(TICKETS, desk.tickets),
        Script::ticket(desk.tickets),
    ));
    let search = "/api/v1/search?q=";
    for (name, request) in [
        ("search, as user", Request::search(search, "user")),
        ("search, as staff", Request::search(search, "staff")),
        ("similar reports", Request::similar("/api/v1/similar")),
        ("classify 1,000 characters", Request::classify("/api/v1/classify")),
    ] {
        rows.push(Row {
            name: name.to_owned(),
            request,
            address: desk.api(),
            reference: None,
            reference_request: None,
            script: None,
            meanwhile: Meanwhile::Nothing,
        });
    }
    rows.extend(photo_rows(desk));
    rows.push(row("create", Request::create(TICKETS), Script::plain("create")));
    for analysis in [
        "open-in-period?last=30d",
        "resolution-time-by-month",
        "active-by-category",
        "triage-accuracy",
    ] {
        rows.push(Row {
            name: format!("analysis {analysis}"),
            request: Request::path(&format!("/analytics/v1/analyses/{analysis}")),
            address: desk.analytics(),
            reference: None,
            reference_request: None,
            script: None,
            meanwhile: Meanwhile::Edits(100),
        });
    }
    for (name, request) in [
        ("25 tickets", Request::path(TICKETS)),
        ("one ticket", Request::ticket(TICKETS, desk.tickets)),
        ("create", Request::create(TICKETS)),
    ] {
        rows.push(Row {
            name: format!("{name}, {STREAMS} streams open"),
            request,
            address: desk.api(),
            reference: None,
            reference_request: None,
            script: None,
            meanwhile: Meanwhile::Streams(10),
        });
    }
    Ok(rows)
}

/// Thumbnails beside nginx with the same files, and uploads, each a photo that the desk has not seen.
fn photo_rows(desk: &BenchDesk) -> [Row; 2] {
    let photos = desk.photos();
    let thumbnail = Row {
        name: "thumbnail of a photo, beside nginx".to_owned(),
        request: Request::one_of(&photos.thumbnails),
        address: desk.api(),
        reference: Some(photos.nginx),
        reference_request: Some(Request::one_of(&photos.files)),
        script: None,
        meanwhile: Meanwhile::Nothing,
    };
    let upload = Row {
        name: "upload of a photo of 12 megapixels".to_owned(),
        request: Request::upload("/api/v1/images", &photos.upload),
        address: desk.api(),
        reference: None,
        reference_request: None,
        script: None,
        meanwhile: Meanwhile::Nothing,
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

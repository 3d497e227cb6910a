//! One line of the file, and what it means. Only the first four columns are needed.

use api_types::{Category, CategoryBy, EventKind, Role, Status};
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use triage::Model;

use crate::{
    classifier::Verdict,
    db::bulk::{BulkEvent, BulkMessage, BulkTicket},
    domain::text::{Body, Description, Location, Name, Resolution, Title},
};

/// A line as it stands in the file. `messages` and `history` are JSON, as the API gives them but for their numbers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) opened_at: String,
    pub(super) closed_at: String,
    pub(super) category: String,
    pub(super) text: String,
    #[serde(default)]
    pub(super) title: String,
    #[serde(default)]
    pub(super) location: String,
    #[serde(default)]
    pub(super) status: String,
    #[serde(default)]
    pub(super) id: String,
    #[serde(default)]
    pub(super) activated_at: String,
    #[serde(default)]
    pub(super) modified_at: String,
    #[serde(default)]
    pub(super) resolution: String,
    #[serde(default)]
    pub(super) category_by: String,
    #[serde(default)]
    pub(super) confidence: String,
    #[serde(default)]
    pub(super) unsure: String,
    #[serde(default)]
    pub(super) guess: String,
    #[serde(default)]
    pub(super) guess_model: String,
    #[serde(default)]
    pub(super) assignee: String,
    #[serde(default)]
    pub(super) version: String,
    #[serde(default)]
    pub(super) messages: String,
    #[serde(default)]
    pub(super) history: String,
}

/// Every column that a file may have; the first four it must.
pub(super) const COLUMNS: [&str; 20] = [
    "opened_at",
    "closed_at",
    "category",
    "text",
    "title",
    "location",
    "status",
    "id",
    "activated_at",
    "modified_at",
    "resolution",
    "category_by",
    "confidence",
    "unsure",
    "guess",
    "guess_model",
    "assignee",
    "version",
    "messages",
    "history",
];

/// A ticket's category, and how it came to it.
struct Decided {
    category: Category,
    by: CategoryBy,
    confidence: Option<f64>,
    unsure: bool,
    guess: Option<(Category, String)>,
}

/// A line that can be loaded.
pub(super) struct Parsed {
    pub(super) id: Option<i64>,
    pub(super) assignee: Option<String>,
    pub(super) ticket: BulkTicket,
}

impl Record {
    /// Reads a line; dates without a time mean midnight in `tz`.
    ///
    /// # Errors
    /// The reason, in English, naming the column.
    pub(super) fn parse(&self, tz: Tz) -> Result<Parsed, String> {
        let opened_at =
            parse_time("opened_at", &self.opened_at, tz)?.ok_or("opened_at is empty")?;
        let closed_at = parse_time("closed_at", &self.closed_at, tz)?;
        let description =
            Description::parse(&self.text).map_err(|p| format!("text {}", p.message))?;
        let title = given(&self.title).map(Title::parse).transpose().map_err(named)?;
        let title = title.unwrap_or_else(|| Title::from_description(&description));
        let status = match given(&self.status) {
            Some(word) => parse("status", word)?,
            None if closed_at.is_some() => Status::Closed,
            None => Status::Open,
        };
        let activated_at = parse_time("activated_at", &self.activated_at, tz)?
            .or((status == Status::Active).then_some(opened_at));
        let dates = Dates { opened_at, activated_at, closed_at };
        dates.check(status)?;
        let Decided { category, by, confidence, unsure, guess } =
            self.category(&title, &description)?;
        let location = Location::parse_optional(given(&self.location)).map_err(named)?;
        let resolution =
            given(&self.resolution).map(Resolution::parse).transpose().map_err(named)?;
        if resolution.is_some() && status != Status::Closed {
            return Err("resolution is given though status is not closed".to_owned());
        }
        let assignee = given(&self.assignee)
            .map(Name::parse)
            .transpose()
            .map_err(|problem| format!("assignee {}", problem.message))?;
        Ok(Parsed {
            id: given(&self.id).map(|raw| parse_positive("id", raw)).transpose()?,
            assignee: assignee.map(Name::into_string),
            ticket: BulkTicket {
                title: title.into_string(),
                description: description.into_string(),
                location: location.map(Location::into_string),
                status,
                category,
                category_by: by,
                confidence,
                unsure,
                guess,
                resolution: resolution.map(Resolution::into_string),
                opened_at,
                modified_at: parse_time("modified_at", &self.modified_at, tz)?
                    .or(closed_at)
                    .or(activated_at)
                    .unwrap_or(opened_at),
                activated_at,
                closed_at,
                assignee: None,
                version: given(&self.version)
                    .map_or(Ok(1), |raw| parse_positive("version", raw))?,
                messages: self.messages(closed_at)?,
                events: self.history(opened_at)?,
            },
        })
    }

    /// A category that is given counts as decided by staff unless the file says otherwise; a missing one is classified.
    fn category(&self, title: &Title, description: &Description) -> Result<Decided, String> {
        let confidence: Option<f64> =
            given(&self.confidence).map(|raw| parse("confidence", raw)).transpose()?;
        if confidence.is_some_and(|confidence| !(0.0..=1.0).contains(&confidence)) {
            return Err("confidence is not between 0 and 1".to_owned());
        }
        let Some(word) = given(&self.category) else {
            let guess = Verdict::of(Model::shipped(), title.as_str(), description.as_str());
            return Ok(Decided {
                category: guess.category,
                by: CategoryBy::Automatic,
                confidence: Some(guess.confidence),
                unsure: guess.unsure,
                guess: Some((guess.category, guess.model)),
            });
        };
        let by = given(&self.category_by)
            .map_or(Ok(CategoryBy::Staff), |raw| parse("category_by", raw))?;
        let unsure = given(&self.unsure).map_or(Ok(false), |raw| parse("unsure", raw))?;
        if unsure && by != CategoryBy::Automatic {
            return Err("unsure is true though a person decided the category".to_owned());
        }
        let guess = given(&self.guess).map(|word| parse("guess", word)).transpose()?;
        let model = given(&self.guess_model).map(str::to_owned);
        if guess.is_some() != model.is_some() {
            return Err("guess and guess_model are not given together".to_owned());
        }
        Ok(Decided {
            category: parse("category", word)?,
            by,
            confidence,
            unsure,
            guess: guess.zip(model),
        })
    }

    fn messages(&self, closed_at: Option<DateTime<Utc>>) -> Result<Vec<BulkMessage>, String> {
        let Some(json) = given(&self.messages) else { return Ok(Vec::new()) };
        let messages: Vec<BulkMessage> = parse_json("messages", json)?;
        for message in &messages {
            Body::parse(&message.body)
                .map_err(|problem| format!("messages: body {}", problem.message))?;
            check_name("messages", message.name.as_deref())?;
            if message.internal && message.role != Role::Staff {
                return Err("messages: an internal note is not by staff".to_owned());
            }
            if closed_at.is_some_and(|closed| closed < message.at) {
                return Err("messages: one was written after closed_at".to_owned());
            }
        }
        Ok(messages)
    }

    fn history(&self, opened_at: DateTime<Utc>) -> Result<Vec<BulkEvent>, String> {
        let reported = BulkEvent {
            at: opened_at,
            role: Role::User,
            name: None,
            what: EventKind::Reported,
            from: None,
            to: None,
            internal: false,
        };
        let Some(json) = given(&self.history) else { return Ok(vec![reported]) };
        let history: Vec<BulkEvent> = parse_json("history", json)?;
        for event in &history {
            check_name("history", event.name.as_deref())?;
            for value in [&event.from, &event.to].into_iter().flatten() {
                // Whatever changed was at most as long as the longest text, and blank only where it says nothing.
                let parsed =
                    if value.is_empty() { Ok(()) } else { Description::parse(value).map(drop) };
                parsed.map_err(|problem| format!("history: a value {}", problem.message))?;
            }
        }
        Ok(history)
    }
}

fn parse_json<T: serde::de::DeserializeOwned>(column: &str, json: &str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|error| format!("{column}: {error}"))
}

fn check_name(column: &str, name: Option<&str>) -> Result<(), String> {
    let parsed = name.map(Name::parse).transpose();
    parsed.map(drop).map_err(|problem| format!("{column}: name {}", problem.message))
}

struct Dates {
    opened_at: DateTime<Utc>,
    activated_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
}

impl Dates {
    fn check(&self, status: Status) -> Result<(), String> {
        if (status == Status::Closed) != self.closed_at.is_some() {
            return Err(format!("status is {status} but closed_at says otherwise"));
        }
        if status == Status::Open && self.activated_at.is_some() {
            return Err("status is open but activated_at is given".to_owned());
        }
        if self.closed_at.is_some_and(|closed| closed < self.opened_at) {
            return Err("closed_at is before opened_at".to_owned());
        }
        if self.activated_at.is_some_and(|at| {
            at < self.opened_at || self.closed_at.is_some_and(|closed| closed < at)
        }) {
            return Err("activated_at is not between opened_at and closed_at".to_owned());
        }
        Ok(())
    }
}

fn given(raw: &str) -> Option<&str> {
    Some(raw).filter(|raw| !raw.trim().is_empty())
}

fn named(problem: api_types::FieldProblem) -> String {
    format!("{} {}", problem.field, problem.message)
}

fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(
    column: &str,
    raw: &str,
) -> Result<T, String> {
    raw.trim().parse().map_err(|error| format!("{column} {raw:?} cannot be read: {error}"))
}

/// Beyond this a browser no longer tells one number from the next.
const LARGEST_NUMBER: i64 = (1 << 53) - 1;

fn parse_positive(column: &str, raw: &str) -> Result<i64, String> {
    match parse(column, raw)? {
        number @ 1..=LARGEST_NUMBER => Ok(number),
        number => Err(format!("{column} {number} is not between 1 and {LARGEST_NUMBER}")),
    }
}

/// Years as PostgreSQL and RFC 3339 both write them.
fn check_year(column: &str, time: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    if (1..=9999).contains(&time.year()) {
        Ok(time)
    } else {
        Err(format!("{column} is not between the years 1 and 9999"))
    }
}

/// Reads RFC 3339, `2026-03-01 14:05[:30]` or `2026-03-01`; `None` where the column is empty.
fn parse_time(column: &str, raw: &str, tz: Tz) -> Result<Option<DateTime<Utc>>, String> {
    let Some(raw) = given(raw).map(str::trim) else { return Ok(None) };
    if let Ok(time) = DateTime::parse_from_rfc3339(raw) {
        return check_year(column, time.to_utc()).map(Some);
    }
    let local = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(raw, format).ok())
        .or_else(|| {
            NaiveDate::parse_from_str(raw, "%Y-%m-%d").ok().map(|day| day.and_time(NaiveTime::MIN))
        })
        .ok_or_else(|| format!("{column} {raw:?} is neither a date nor a time"))?;
    // Where clocks go forward an hour is missing; the instant after the gap is meant.
    let time = tz
        .from_local_datetime(&local)
        .earliest()
        .or_else(|| tz.from_local_datetime(&(local + chrono::TimeDelta::hours(1))).earliest());
    let time = time.ok_or_else(|| format!("{column} {raw:?} does not exist in {tz}"))?;
    check_year(column, time.to_utc()).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(opened: &str, closed: &str, text: &str) -> Record {
        Record {
            opened_at: opened.into(),
            closed_at: closed.into(),
            text: text.into(),
            category: "it".into(),
            ..Record::default()
        }
    }

    #[test]
    fn a_date_means_midnight_where_the_campus_is() {
        let parsed = record("2026-07-01", "", "x").parse(chrono_tz::Europe::Berlin).ok().unwrap();
        assert_eq!(parsed.ticket.opened_at.to_rfc3339(), "2026-06-30T22:00:00+00:00");
    }

    #[test]
    fn a_wrong_line_says_which_column_and_why() {
        for (record, reason) in [
            (record("", "", "x"), "opened_at is empty"),
            (record("soon", "", "x"), "opened_at \"soon\" is neither a date nor a time"),
            (record("2026-01-02", "2026-01-01", "x"), "closed_at is before opened_at"),
            (record("2026-01-02", "", " "), "text must not be empty or blank"),
        ] {
            assert_eq!(record.parse(Tz::UTC).err().as_deref(), Some(reason));
        }
    }

    #[test]
    fn a_given_category_counts_as_decided_by_staff_and_a_missing_one_is_classified() {
        let by = |category: &str| {
            let record =
                Record { category: category.into(), ..record("2026-01-01", "", "The tap drips") };
            record.parse(Tz::UTC).ok().unwrap().ticket.category_by
        };
        assert_eq!((by("it"), by("")), (CategoryBy::Staff, CategoryBy::Automatic));
    }
}

//! What only the reader's side knows: how its language writes times and numbers, and what clocks say.

use chrono::{DateTime, FixedOffset, Utc};

/// How the words of a picture are written.
///
/// A browser knows the languages and time zones of the world, and a second copy of them would be the largest part of
/// the file that browsers load.
pub trait Words {
    /// What the clocks of the chart's time zone say at an instant.
    fn offset(&self, at: DateTime<Utc>) -> FixedOffset;
    /// A tick of a time axis, by the clocks of the chart's time zone.
    fn time(&self, at: DateTime<Utc>, tick: Tick) -> String;
    /// A number, rounded already, with its thousands apart.
    fn number(&self, value: f64) -> String;
    /// A phrase that no chart brings along.
    fn phrase(&self, phrase: Phrase) -> &'static str;
}

/// What a tick of a time axis names, in as few words as tell it from its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    /// The hour, such as 18:00.
    Hour,
    /// The day in its month, such as 2 Mar.
    Day,
    /// The month, such as Mar.
    Month,
    /// The month in its year, such as Mar 2026.
    MonthOfYear,
    /// The year.
    Year,
}

/// A phrase that no chart brings along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phrase {
    /// The unit of an axis that counts tickets.
    Tickets,
    /// The unit of an axis of durations.
    Hours,
    /// The same where durations are long.
    Days,
    /// The unit of an axis of shares.
    Percent,
    /// The unit of an axis that counts how often something happened.
    Times,
    /// Why a chart of what happened is empty.
    NothingHappened,
    /// Why a chart of tickets is empty.
    NoTickets,
    /// Why a chart of times to closing is empty.
    NoneClosed,
    /// Why a chart of the classifier's accuracy is empty.
    NoneDecided,
}

//! When a campus reports: more in term, on weekdays and before noon.

use chrono::{DateTime, Datelike as _, TimeDelta, Timelike as _, Utc, Weekday};

/// The demonstration covers three years.
const DAYS: i64 = 3 * 365;

/// The hours up to an instant, with how much is reported up to each.
pub(super) struct Calendar {
    start: DateTime<Utc>,
    /// The sum of weights up to and including each hour.
    cumulative: Vec<f64>,
}

impl Calendar {
    pub(super) fn until(end: DateTime<Utc>) -> Self {
        let start = end - TimeDelta::days(DAYS);
        let mut sum = 0.0;
        let cumulative = (0..DAYS * 24)
            .map(|hour| {
                sum += weight(start + TimeDelta::hours(hour));
                sum
            })
            .collect();
        Self { start, cumulative }
    }

    /// The instant by which this share (0 to 1) of all tickets is reported.
    pub(super) fn at(&self, share: f64) -> DateTime<Utc> {
        let total = self.cumulative.last().copied().unwrap_or(1.0);
        let target = share.clamp(0.0, 1.0) * total;
        let hour = self.cumulative.partition_point(|sum| *sum < target);
        let hour = hour.min(self.cumulative.len() - 1);
        let before = hour.checked_sub(1).map_or(0.0, |before| self.cumulative[before]);
        let within = (target - before) / (self.cumulative[hour] - before);
        let seconds = (hour as f64 + within.clamp(0.0, 1.0)) * 3_600.0;
        self.start + TimeDelta::milliseconds((seconds * 1e3) as i64)
    }
}

fn weight(at: DateTime<Utc>) -> f64 {
    let term = match at.month() {
        10 | 11 | 1 => 1.4,
        4..=6 => 1.2,
        12 | 7 => 0.8,
        8 => 0.4,
        _ => 1.0,
    };
    let day = match at.weekday() {
        Weekday::Mon => 1.3,
        Weekday::Sat | Weekday::Sun => 0.25,
        _ => 1.0,
    };
    let hour = match at.hour() {
        8..=11 => 2.0,
        12..=17 => 1.4,
        18..=22 => 0.6,
        _ => 0.1,
    };
    term * day * hour
}

//! A period: a whole number of hours or days, counted back from now.

use std::{fmt, str::FromStr};

use chrono::TimeDelta;

/// A whole number of hours, written `36h` or `7d`. It always fits into a date calculation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    hours: u32,
}

/// Why a text is no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodError {
    /// It is not a whole number followed by `h` or `d`.
    Form,
    /// It is one, but below [`Period::MIN_HOURS`] or above [`Period::MAX_HOURS`].
    Range,
}

impl Period {
    /// The shortest: one hour.
    pub const MIN_HOURS: u32 = 1;
    /// The longest: 3660 days.
    pub const MAX_HOURS: u32 = 3660 * 24;

    /// The number of hours.
    #[must_use]
    pub const fn hours(self) -> u32 {
        self.hours
    }

    /// The same as a duration.
    #[must_use]
    pub fn duration(self) -> TimeDelta {
        TimeDelta::hours(i64::from(self.hours))
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let (digits, hours_per_unit) = match (raw.strip_suffix('h'), raw.strip_suffix('d')) {
            (Some(digits), _) => (digits, 1),
            (_, Some(digits)) => (digits, 24),
            (None, None) => return Err(PeriodError::Form),
        };
        // `parse` alone would take a sign.
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PeriodError::Form);
        }
        // Only digits: what still does not parse is too large for the type, and so for us.
        let number: u32 = digits.parse().map_err(|_| PeriodError::Range)?;
        let hours = number.checked_mul(hours_per_unit).ok_or(PeriodError::Range)?;
        if (Self::MIN_HOURS..=Self::MAX_HOURS).contains(&hours) {
            Ok(Self { hours })
        } else {
            Err(PeriodError::Range)
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.hours.is_multiple_of(24) {
            write!(f, "{}d", self.hours / 24)
        } else {
            write!(f, "{}h", self.hours)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_days_are_read() {
        for (raw, hours) in [
            ("1h", 1),
            ("36h", 36),
            ("7d", 168),
            ("007d", 168),
            ("3660d", 87_840),
            ("87840h", 87_840),
        ] {
            assert_eq!(raw.parse::<Period>().map(Period::hours), Ok(hours), "{raw}");
        }
    }

    #[test]
    fn anything_else_is_refused_without_overflow() {
        for raw in [
            "0h",
            "0d",
            "3661d",
            "87841h",
            "99999999999d",
            "99999999999999999999999999h",
            "178956971d",
        ] {
            assert_eq!(raw.parse::<Period>(), Err(PeriodError::Range), "{raw}");
        }
        for raw in
            ["", "h", "d", "7", "+7d", "-7d", "7 d", " 7d", "7D", "7w", "7.5h", "٧d", "7hd", "0x7h"]
        {
            assert_eq!(raw.parse::<Period>(), Err(PeriodError::Form), "{raw}");
        }
    }
}

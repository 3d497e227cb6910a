//! The vertical scale: where it ends, where its lines stand and what its numbers count.

use api_types::Unit;

use crate::{Phrase, Words};

/// The vertical axis, from zero to a round number above every value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scale {
    /// The upper end, in the unit of the chart.
    pub(crate) top: f64,
    /// The distance between lines, in the unit of the chart.
    pub(crate) step: f64,
    /// What one shown unit is in units of the chart: 24 where hours are shown as days.
    pub(crate) per_shown: f64,
    /// The shown unit.
    pub(crate) unit: Phrase,
}

impl Scale {
    /// A scale for values up to `max`, with about `lines` lines.
    pub(crate) fn for_values(max: f64, unit: Unit, lines: usize) -> Self {
        let (per_shown, shown_unit) = match unit {
            Unit::Tickets => (1.0, Phrase::Tickets),
            Unit::Percent => (1.0, Phrase::Percent),
            Unit::Times => (1.0, Phrase::Times),
            // Two days of hours still read well as hours.
            Unit::Hours if max <= 48.0 => (1.0, Phrase::Hours),
            Unit::Hours => (24.0, Phrase::Days),
        };
        let whole = matches!(unit, Unit::Tickets | Unit::Times);
        // A share is read against the whole.
        let max = if unit == Unit::Percent { 100.0 } else { max };
        let shown_max = if max > 0.0 { max / per_shown } else { 1.0 };
        let step = round_step(shown_max / lines.max(1) as f64, whole);
        let top = (shown_max / step).ceil() * step;
        Self { top: top * per_shown, step: step * per_shown, per_shown, unit: shown_unit }
    }

    /// The lines, from zero to the top.
    pub(crate) fn lines(&self) -> impl Iterator<Item = f64> + '_ {
        let count = (self.top / self.step).round() as u32;
        (0..=count).map(|index| f64::from(index) * self.step)
    }

    /// A value as people read it, without its unit.
    pub(crate) fn format(&self, value: f64, words: &dyn Words) -> String {
        words.number(round(value / self.per_shown))
    }
}

/// A number with at most one decimal below 100, and with none above.
pub(crate) fn round(value: f64) -> f64 {
    if value.abs() < 100.0 { (value * 10.0).round() / 10.0 } else { value.round() }
}

/// The smallest of 1, 2, 5 × 10ⁿ that is not below `raw`.
fn round_step(raw: f64, whole: bool) -> f64 {
    let magnitude = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * magnitude)
        .find(|step| *step >= raw * 0.999_999)
        .unwrap_or(10.0 * magnitude);
    if whole { step.max(1.0) } else { step }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_is_a_round_number_above_every_value() {
        for (max, unit, top, step) in [
            (0.0, Unit::Tickets, 1.0, 1.0),
            (3.0, Unit::Tickets, 3.0, 1.0),
            (3.0, Unit::Percent, 100.0, 20.0),
            (97.0, Unit::Tickets, 100.0, 20.0),
            (12_345.0, Unit::Tickets, 15_000.0, 5_000.0),
            (10.0, Unit::Hours, 10.0, 2.0),
            (480.0, Unit::Hours, 480.0, 120.0),
        ] {
            let scale = Scale::for_values(max, unit, 5);
            assert_eq!((scale.top, scale.step), (top, step), "{max} {unit:?}");
        }
    }

    #[test]
    fn long_durations_are_shown_in_days() {
        let scale = Scale::for_values(480.0, Unit::Hours, 5);
        assert_eq!(scale.unit, Phrase::Days);
        assert_eq!(
            scale.lines().map(|at| at / scale.per_shown).collect::<Vec<_>>(),
            [0.0, 5.0, 10.0, 15.0, 20.0]
        );
    }

    #[test]
    fn numbers_have_as_many_digits_as_read_well() {
        for (value, shown) in [(0.0, 0.0), (2.46, 2.5), (99.96, 100.0), (123.4, 123.0)] {
            assert_eq!(round(value), shown);
        }
    }
}

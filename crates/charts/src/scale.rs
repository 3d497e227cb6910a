//! The vertical scale: where it ends, where its lines stand and how its numbers are written.

use api_types::Unit;

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
    pub(crate) unit: &'static str,
}

impl Scale {
    /// A scale for values up to `max`, with about `lines` lines.
    pub(crate) fn for_values(max: f64, unit: Unit, lines: usize) -> Self {
        let (per_shown, unit_name) = match unit {
            Unit::Tickets => (1.0, "tickets"),
            // Two days of hours still read well as hours.
            Unit::Hours if max <= 48.0 => (1.0, "hours"),
            Unit::Hours => (24.0, "days"),
        };
        let whole = unit == Unit::Tickets;
        let shown_max = if max > 0.0 { max / per_shown } else { 1.0 };
        let step = round_step(shown_max / lines.max(1) as f64, whole);
        let top = (shown_max / step).ceil() * step;
        Self { top: top * per_shown, step: step * per_shown, per_shown, unit: unit_name }
    }

    /// The lines, from zero to the top.
    pub(crate) fn lines(&self) -> impl Iterator<Item = f64> + '_ {
        let count = (self.top / self.step).round() as u32;
        (0..=count).map(|index| f64::from(index) * self.step)
    }

    /// A value as people read it, without its unit.
    pub(crate) fn format(&self, value: f64) -> String {
        format_number(value / self.per_shown)
    }
}

/// A number with at most one decimal below 100, and with thousands apart.
pub(crate) fn format_number(value: f64) -> String {
    let rounded = if value.abs() < 100.0 { (value * 10.0).round() / 10.0 } else { value.round() };
    if rounded.fract() != 0.0 {
        return format!("{rounded:.1}");
    }
    let digits = format!("{:.0}", rounded.abs());
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rounded < 0.0 { format!("-{grouped}") } else { grouped }
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
        assert_eq!(scale.unit, "days");
        assert_eq!(
            scale.lines().map(|at| scale.format(at)).collect::<Vec<_>>(),
            ["0", "5", "10", "15", "20"]
        );
    }

    #[test]
    fn numbers_read_well_at_every_size() {
        for (value, text) in
            [(0.0, "0"), (2.0, "2"), (2.46, "2.5"), (1_234_567.0, "1,234,567"), (-5.0, "-5")]
        {
            assert_eq!(format_number(value), text);
        }
    }
}

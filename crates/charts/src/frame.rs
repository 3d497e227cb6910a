//! The frame of a chart: margins, grid lines with their values, the label of the vertical axis.

use api_types::Chart;
use plotters::{
    chart::{ChartBuilder, ChartContext},
    coord::{Shift, types::RangedCoordf64},
    drawing::{DrawingArea, DrawingAreaErrorKind},
    element::{PathElement, Text},
    prelude::{Cartesian2d, SVGBackend},
    style::{
        Color, RGBColor, TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};

use crate::{
    Options,
    scale::Scale,
    theme::{TEXT_SIZE, text_style, text_width},
};

/// The whole picture.
pub(crate) type Root<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// The part of it that has axes.
pub(crate) type Plot<'a> =
    ChartContext<'a, SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
/// What drawing ends in.
pub(crate) type Drawn<T = ()> = Result<T, DrawingAreaErrorKind<std::io::Error>>;

/// Room above the plot, for the label of the vertical axis and a legend.
pub(crate) const TOP: i32 = 30;
/// Room below it, for the labels of the horizontal axis.
pub(crate) const BOTTOM: i32 = 26;
/// Room between the plot and words beside it.
pub(crate) const GAP: i32 = 8;

/// Where the plot stands in the picture, in pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) left: i32,
    pub(crate) top: i32,
    pub(crate) right: i32,
    pub(crate) bottom: i32,
}

impl Place {
    /// The room that is left beside the widest value on the left and `right` pixels on the right.
    pub(crate) fn beside(scale: &Scale, right: i32, options: &Options<'_>) -> Self {
        let width = |at| text_width(&scale.format(at, options.words));
        let widest = scale.lines().map(width).max().unwrap_or(0);
        Self {
            left: widest + GAP,
            top: TOP,
            right: pixels(options.width) - right,
            bottom: pixels(options.height) - BOTTOM,
        }
    }

    pub(crate) fn width(&self) -> i32 {
        (self.right - self.left).max(1)
    }
}

/// A size in the signed pixels that plotters draws with.
pub(crate) fn pixels(size: u32) -> i32 {
    i32::try_from(size).unwrap_or(i32::MAX)
}

/// Opens the plot at its place, with plotters' own axes left out: ours stand in [`draw_grid`].
pub(crate) fn open_plot<'a>(
    root: &Root<'a>,
    place: Place,
    x: std::ops::Range<f64>,
    scale: &Scale,
    options: &Options<'_>,
) -> Result<Plot<'a>, DrawingAreaErrorKind<std::io::Error>> {
    ChartBuilder::on(root)
        .margin_left(place.left)
        .margin_top(place.top)
        .margin_right(pixels(options.width) - place.right)
        .margin_bottom(pixels(options.height) - place.bottom)
        .build_cartesian_2d(x, 0.0..scale.top)
}

/// Draws the horizontal lines with their values, and the label of the axis with its unit above them.
pub(crate) fn draw_grid(
    root: &Root<'_>,
    plot: &Plot<'_>,
    chart: &Chart,
    scale: &Scale,
    place: Place,
    options: &Options<'_>,
) -> Drawn {
    let values = text_style(options.theme.muted(), Pos::new(HPos::Right, VPos::Center), false);
    for at in scale.lines() {
        let y = plot.backend_coord(&(0.0, at)).1;
        let color = if at == 0.0 { options.theme.muted() } else { options.theme.grid() };
        draw_line(root, (place.left, y), (place.right, y), color)?;
        draw_text(root, &scale.format(at, options.words), (place.left - GAP, y), &values)?;
    }
    let label = axis_label(&chart.y.label, options.words.phrase(scale.unit));
    let name = text_style(options.theme.muted(), Pos::new(HPos::Left, VPos::Top), false);
    draw_text(root, &label, (0, 2), &name)
}

/// The label of an axis with the unit that is shown, unless it names that itself.
fn axis_label(label: &str, unit: &str) -> String {
    if label.to_lowercase().contains(&unit.to_lowercase()) {
        label.to_owned()
    } else {
        format!("{label} ({unit})")
    }
}

/// Draws words at a place.
pub(crate) fn draw_text(
    root: &Root<'_>,
    words: &str,
    at: (i32, i32),
    style: &TextStyle<'_>,
) -> Drawn {
    root.draw(&Text::new(isolate(words), at, style.clone()))
}

/// Keeps words that are written from right to left in their own order, although the picture runs from left to right.
fn isolate(words: &str) -> String {
    // From the first Hebrew to the last Arabic letter.
    if words.chars().any(|letter| matches!(letter, '\u{590}'..='\u{8ff}')) {
        format!("\u{2068}{words}\u{2069}")
    } else {
        words.to_owned()
    }
}

/// Draws a label below the plot, kept inside the picture.
pub(crate) fn draw_below(
    root: &Root<'_>,
    label: &str,
    x: i32,
    place: Place,
    options: &Options<'_>,
) -> Drawn {
    let half = text_width(label) / 2;
    let x = x.min(pixels(options.width) - half).max(half);
    let style = text_style(options.theme.muted(), Pos::new(HPos::Center, VPos::Top), false);
    draw_text(root, label, (x, place.bottom + GAP), &style)
}

/// Draws a thin line.
pub(crate) fn draw_line(
    root: &Root<'_>,
    from: (i32, i32),
    to: (i32, i32),
    color: RGBColor,
) -> Drawn {
    root.draw(&PathElement::new(vec![from, to], color.stroke_width(1)))
}

/// Says in the middle of the picture why there is nothing in it.
pub(crate) fn draw_notice(root: &Root<'_>, reason: &str, options: &Options<'_>) -> Drawn {
    let style = text_style(options.theme.muted(), Pos::new(HPos::Center, VPos::Center), false);
    let middle = (pixels(options.width) / 2, pixels(options.height) / 2);
    draw_text(root, reason, middle, &style)
}

/// The height of a line of words, in pixels.
pub(crate) const LINE: i32 = TEXT_SIZE as i32 + 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_names_the_unit_that_its_numbers_are_in() {
        for (label, unit, shown) in [
            ("Tickets not yet closed", "tickets", "Tickets not yet closed"),
            ("Tickets", "tickets", "Tickets"),
            ("Time to closing", "hours", "Time to closing (hours)"),
        ] {
            assert_eq!(axis_label(label, unit), shown);
        }
    }

    #[test]
    fn only_words_written_from_right_to_left_are_kept_apart() {
        assert_eq!(isolate("2 März"), "2 März");
        assert_eq!(isolate("2 مارس"), "\u{2068}2 مارس\u{2069}");
    }
}

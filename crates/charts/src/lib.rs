//! Draws a [`Chart`] as an SVG string, the same natively and in the browser.
//!
//! [`render`] picks the *drawn* series, lays out a *frame* (margins, axes, grid), and draws *lines* over time and
//! numbers or grouped *bars* over words. Series are named at the end of their line where that is possible. The
//! background stays transparent, and a chart without data says so in words. Whoever calls brings the *words*: numbers
//! and times as the reader's language writes them. Text widths are estimated, never measured, so that nothing here
//! needs a document.

mod bars;
mod frame;
mod labels;
mod legend;
mod lines;
mod scale;
mod theme;
mod ticks;
mod words;

use api_types::{AxisKind, Chart, Series, Unit, X};
use plotters::{drawing::IntoDrawingArea, prelude::SVGBackend};

pub use theme::Theme;
pub use words::{Phrase, Tick, Words};

/// How a chart is drawn.
pub struct Options<'a> {
    /// In pixels, at least 160.
    pub width: u32,
    /// In pixels, at least 120.
    pub height: u32,
    /// Colours for a light or a dark page.
    pub theme: Theme,
    /// How its words are written.
    pub words: &'a dyn Words,
}

/// Why a chart cannot be drawn.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum ChartError {
    /// The picture would be too small to read.
    #[error("{width} × {height} pixels are too few for a chart")]
    TooSmall {
        /// The width asked for.
        width: u32,
        /// The height asked for.
        height: u32,
    },
    /// A point stands at a place that its axis does not have, such as a word on a time axis.
    #[error("the series «{series}» has a point that does not fit the axis")]
    ForeignPoint {
        /// The key of the series.
        series: String,
    },
    /// The drawing surface refused.
    #[error("the chart cannot be drawn: {0}")]
    Surface(String),
}

/// A chart as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The picture.
    pub svg: String,
    /// Where a reader can stop to read values, from left to right.
    pub stops: Vec<Stop>,
}

/// A place on the horizontal axis with its place in the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// On the axis.
    pub at: X,
    /// In pixels from the left.
    pub x: i32,
}

/// Draws a chart.
///
/// # Errors
/// [`ChartError::TooSmall`] below 160 × 120 pixels; [`ChartError::ForeignPoint`] where a point does not fit its axis.
pub fn render(chart: &Chart, options: &Options<'_>) -> Result<Picture, ChartError> {
    let &Options { width, height, .. } = options;
    if width < 160 || height < 120 {
        return Err(ChartError::TooSmall { width, height });
    }
    let series = drawn_series(chart);
    check_points(&series, chart.x.kind)?;

    let mut svg = String::new();
    let stops = {
        let root = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
        let drawn = if series.iter().all(|one| one.points.is_empty()) {
            let reason = options.words.phrase(reason_for_nothing(chart));
            frame::draw_notice(&root, reason, options).map(|()| Vec::new())
        } else if chart.x.kind == AxisKind::Category {
            bars::draw(&root, chart, &series, options)
        } else {
            lines::draw(&root, chart, &series, options)
        };
        drawn
            .and_then(|stops| root.present().map(|()| stops))
            .map_err(|cause| ChartError::Surface(cause.to_string()))?
    };
    Ok(Picture { svg: name_picture(&svg, &chart.title), stops })
}

/// The series that are drawn; the others are for a table beside the picture.
///
/// On an axis of hours or shares that leaves out counts, which are on another scale. Over words it leaves out closed tickets
/// where they are so many that the bars of the others could not be told from nothing.
#[must_use]
pub fn drawn_series(chart: &Chart) -> Vec<&Series> {
    const COUNTS: [&str; 5] = ["closed", "still_open", "open", "active", "decided"];
    let highest = |closed: bool| {
        chart
            .series
            .iter()
            .filter(|one| (one.key == "closed") == closed)
            .flat_map(|one| &one.points)
            .map(|point| point.1)
            .fold(0.0, f64::max)
    };
    let dwarfed = chart.x.kind == AxisKind::Category
        && highest(false) > 0.0
        && highest(false) < highest(true) / 25.0;
    chart
        .series
        .iter()
        .filter(|one| match chart.y.unit {
            Unit::Hours | Unit::Percent => !COUNTS.contains(&one.key.as_str()),
            Unit::Tickets => !(dwarfed && one.key == "closed"),
            Unit::Times => true,
        })
        .collect()
}

fn check_points(series: &[&Series], kind: AxisKind) -> Result<(), ChartError> {
    let fits = |x: &X| {
        matches!(
            (x, kind),
            (X::Time(_), AxisKind::Time)
                | (X::Number(_), AxisKind::Number)
                | (X::Word(_), AxisKind::Category)
        )
    };
    match series.iter().find(|one| !one.points.iter().all(|p| fits(&p.0) && p.1.is_finite())) {
        Some(one) => Err(ChartError::ForeignPoint { series: one.key.clone() }),
        None => Ok(()),
    }
}

fn reason_for_nothing(chart: &Chart) -> Phrase {
    match chart.y.unit {
        Unit::Tickets => Phrase::NoTickets,
        Unit::Hours => Phrase::NoneClosed,
        Unit::Percent => Phrase::NoneDecided,
        Unit::Times => Phrase::NothingHappened,
    }
}

/// Gives the picture a name that screen readers read out.
fn name_picture(svg: &str, title: &str) -> String {
    let title = title.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    svg.replacen("<svg ", &format!(r#"<svg role="img" aria-label="{title}" "#), 1)
}

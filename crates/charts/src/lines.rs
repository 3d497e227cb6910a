//! Lines over time or numbers, each named at its end.

use api_types::{Chart, Series, X};
use chrono::{DateTime, TimeDelta, Utc};
use plotters::{
    element::{Circle, PathElement},
    style::{
        Color, RGBColor,
        text_anchor::{HPos, Pos, VPos},
    },
};

use crate::{
    Options, Stop,
    frame::{
        Drawn, GAP, LINE, Place, Plot, Root, draw_below, draw_grid, draw_line, draw_text,
        open_plot, pixels,
    },
    labels::spread,
    legend::Legend,
    scale::{Scale, round},
    theme::{bold_width, text_style, text_width},
    ticks::time_ticks,
};

/// With more points than this, marks on them would hide the line.
const MARKED_POINTS: usize = 62;

/// Draws every series as a line with its name and last value at the end.
pub(crate) fn draw<'a>(
    root: &Root<'a>,
    chart: &Chart,
    series: &[&Series],
    options: &Options<'_>,
) -> Drawn<Vec<Stop>> {
    let most = series.iter().flat_map(|one| &one.points).map(|point| point.1).fold(0.0, f64::max);
    let scale = Scale::for_values(most, chart.y.unit, 5);
    let (from, to) = span(series);
    let names: Vec<String> = series.iter().map(|one| end_label(one, &scale, options)).collect();
    let widest = names.iter().map(|name| bold_width(name)).max().unwrap_or(0) + 2 * GAP;
    // The names may have a quarter of the picture at the ends of their lines, else they stand above.
    let at_ends = widest * 4 <= pixels(options.width);
    let legend = Legend::for_names(if at_ends { &[] } else { &names }, options);
    let mut place = Place::beside(&scale, if at_ends { widest } else { GAP }, options);
    place.top += legend.height();

    let mut plot = open_plot(root, place, from..to, &scale, options)?;
    draw_grid(root, &plot, chart, &scale, place, options)?;
    draw_ticks(root, &plot, chart, (from, to), place, options)?;
    for (index, one) in series.iter().enumerate() {
        draw_series(&mut plot, one, options.theme.series(&one.key, index))?;
    }
    if at_ends {
        draw_names(root, &plot, series, &names, place, options)?;
    } else {
        legend.draw(root, series, options)?;
    }
    Ok(stops(&plot, series))
}

/// Every place that a series has a point at.
fn stops(plot: &Plot<'_>, series: &[&Series]) -> Vec<Stop> {
    let mut places: Vec<&X> = series.iter().flat_map(|one| &one.points).map(|p| &p.0).collect();
    places.sort_by(|left, right| position(left).total_cmp(&position(right)));
    places.dedup();
    let place = |at: &X| Stop { at: at.clone(), x: plot.backend_coord(&(position(at), 0.0)).0 };
    places.into_iter().map(place).collect()
}

/// The place of an x on the axis: seconds since 1970, or the number itself.
fn position(x: &X) -> f64 {
    match x {
        X::Time(at) => at.timestamp() as f64,
        X::Number(number) => *number,
        X::Word(_) => 0.0,
    }
}

/// From the first to the last x; a single point gets room on both sides.
fn span(series: &[&Series]) -> (f64, f64) {
    let places = || series.iter().flat_map(|one| &one.points).map(|point| position(&point.0));
    let from = places().fold(f64::INFINITY, f64::min);
    let to = places().fold(f64::NEG_INFINITY, f64::max);
    if to > from { (from, to) } else { (from - 1.0, to + 1.0) }
}

fn end_label(series: &Series, scale: &Scale, options: &Options<'_>) -> String {
    series.points.last().map_or_else(String::new, |last| {
        format!("{} {}", series.name, scale.format(last.1, options.words))
    })
}

fn draw_ticks(
    root: &Root<'_>,
    plot: &Plot<'_>,
    chart: &Chart,
    (from, to): (f64, f64),
    place: Place,
    options: &Options<'_>,
) -> Drawn {
    let most = usize::try_from(place.width() / 68).unwrap_or(1).max(2);
    let ticks: Vec<(f64, String)> = match chart.x.kind {
        api_types::AxisKind::Time => {
            // The span of a single point is too short for ticks: its own hour or day is what matters.
            let room = if to - from <= 2.0 { TimeDelta::hours(12) } else { TimeDelta::zero() };
            let instant = |at: f64| DateTime::<Utc>::from_timestamp(at as i64, 0);
            match (instant(from), instant(to)) {
                (Some(from), Some(to)) => {
                    let offset = |at| options.words.offset(at);
                    time_ticks(from - room, to + room, most, &offset)
                        .into_iter()
                        .map(|(at, tick)| (at.timestamp() as f64, options.words.time(at, tick)))
                        .collect()
                }
                _ => Vec::new(),
            }
        }
        _ => (0..=most)
            .map(|index| from + (to - from) * index as f64 / most as f64)
            .map(|at| (at, options.words.number(round(at))))
            .collect(),
    };
    let mut free_from = i32::MIN;
    for (at, label) in ticks {
        let x = plot.backend_coord(&(at.clamp(from, to), 0.0)).0;
        draw_line(root, (x, place.bottom), (x, place.bottom + 4), options.theme.muted())?;
        let half = text_width(&label) / 2;
        if x - half >= free_from {
            draw_below(root, &label, x, place, options)?;
            free_from = x + half + GAP;
        }
    }
    Ok(())
}

fn draw_series(plot: &mut Plot<'_>, series: &Series, color: RGBColor) -> Drawn {
    let points: Vec<(f64, f64)> =
        series.points.iter().map(|point| (position(&point.0), point.1)).collect();
    plot.plotting_area().draw(&PathElement::new(points.clone(), color.stroke_width(2)))?;
    if points.len() <= MARKED_POINTS {
        for point in points {
            plot.plotting_area().draw(&Circle::new(point, 3, color.filled()))?;
        }
    }
    Ok(())
}

/// Names the lines at their ends, moved apart, each tied to its end by a thin line where it had to move.
fn draw_names(
    root: &Root<'_>,
    plot: &Plot<'_>,
    series: &[&Series],
    names: &[String],
    place: Place,
    options: &Options<'_>,
) -> Drawn {
    let ends: Vec<(usize, (i32, i32))> = series
        .iter()
        .enumerate()
        .filter_map(|(index, one)| {
            let last = one.points.last()?;
            Some((index, plot.backend_coord(&(position(&last.0), last.1))))
        })
        .collect();
    let wanted: Vec<i32> = ends.iter().map(|(_, end)| end.1).collect();
    let lowest = pixels(options.height) - LINE / 2;
    let places = spread(&wanted, LINE, place.top, lowest.min(place.bottom));
    for ((index, end), y) in ends.into_iter().zip(places) {
        let color = options.theme.series(&series[index].key, index);
        if y != end.1 {
            draw_line(root, (end.0 + 4, end.1), (place.right + GAP, y), color)?;
        }
        let style = text_style(color, Pos::new(HPos::Left, VPos::Center), true);
        draw_text(root, &names[index], (place.right + GAP + 4, y), &style)?;
    }
    Ok(())
}

//! Grouped bars over words, each with its value above it.

use std::collections::BTreeMap;

use api_types::{Chart, Series, X};
use plotters::{
    element::Rectangle,
    style::{
        Color,
        text_anchor::{HPos, Pos, VPos},
    },
};

use crate::{
    Options, Stop,
    frame::{Drawn, Place, Root, draw_below, draw_grid, draw_text, open_plot},
    labels::word_label,
    legend::Legend,
    scale::Scale,
    theme::text_style,
};

/// About as wide is a letter of a label, in pixels.
const LETTER: f64 = 6.5;
/// A bar is at most this wide, in pixels.
const WIDEST_BAR: f64 = 72.0;

/// Draws a group of bars per word, one bar per series.
pub(crate) fn draw<'a>(
    root: &Root<'a>,
    chart: &Chart,
    series: &[&Series],
    options: &Options<'_>,
) -> Drawn<Vec<Stop>> {
    let words = words_in_order(series);
    let most = series.iter().flat_map(|one| &one.points).map(|point| point.1).fold(0.0, f64::max);
    // Room for the value above the highest bar.
    let scale = Scale::for_values(most * 1.08, chart.y.unit, 5);
    let names: Vec<String> = match series {
        [_] => Vec::new(),
        many => many.iter().map(|one| one.name.clone()).collect(),
    };
    let legend = Legend::for_names(&names, options);
    let mut place = Place::beside(&scale, 0, options);
    place.top += legend.height();

    let plot = open_plot(root, place, 0.0..words.len() as f64, &scale, options)?;
    draw_grid(root, &plot, chart, &scale, place, options)?;
    legend.draw(root, series, options)?;

    let group = f64::from(place.width()) / words.len().max(1) as f64;
    let bar = (group * 0.76 / series.len().max(1) as f64).min(WIDEST_BAR);
    let value_style = text_style(options.theme.ink(), Pos::new(HPos::Center, VPos::Bottom), true);
    let mut stops = Vec::with_capacity(words.len());
    for (place_of_word, word) in words.iter().enumerate() {
        let middle = f64::from(place.left) + group * (place_of_word as f64 + 0.5);
        stops.push(Stop { at: X::Word((*word).to_owned()), x: middle as i32 });
        draw_below(root, &cut_to(&word_label(word), group), middle as i32, place, options)?;
        let first = middle - bar * series.len() as f64 / 2.0;
        for (index, one) in series.iter().enumerate() {
            let value = value_at(one, word);
            let left = first + bar * index as f64;
            let top = plot.backend_coord(&(0.0, value)).1;
            let color = options.theme.series(&one.key, index);
            root.draw(&Rectangle::new(
                [(left as i32 + 1, top), ((left + bar) as i32 - 1, place.bottom)],
                color.filled(),
            ))?;
            let label = scale.format(value, options.words);
            draw_text(root, &label, ((left + bar / 2.0) as i32, top - 2), &value_style)?;
        }
    }
    Ok(stops)
}

/// A label cut so that it keeps out of its neighbours'. The stops and the table have it whole.
fn cut_to(label: &str, width: f64) -> String {
    let most = ((width / LETTER) as usize).max(4);
    if label.chars().count() <= most {
        return label.to_owned();
    }
    label.chars().take(most - 1).chain(['…']).collect()
}

/// The words of all series, in the order of their first appearance.
fn words_in_order<'a>(series: &[&'a Series]) -> Vec<&'a str> {
    let mut places = BTreeMap::new();
    for point in series.iter().flat_map(|one| &one.points) {
        if let X::Word(word) = &point.0 {
            let next = places.len();
            places.entry(word.as_str()).or_insert(next);
        }
    }
    let mut words: Vec<(&str, usize)> = places.into_iter().collect();
    words.sort_by_key(|word| word.1);
    words.into_iter().map(|word| word.0).collect()
}

fn value_at(series: &Series, word: &str) -> f64 {
    let has_word = |x: &X| matches!(x, X::Word(other) if other == word);
    series.points.iter().find(|point| has_word(&point.0)).map_or(0.0, |point| point.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_cut_to_the_room_of_its_group() {
        assert_eq!(cut_to("Gown hire", 100.0), "Gown hire");
        assert_eq!(cut_to("Printer colour credit", 50.0), "Printe…");
    }
}

//! What stands in the drawn pictures: lines, bars and words, not pixels.

use api_types::{Axis, AxisKind, Chart, Point, Series, Unit, X, YAxis};
use charts::{ChartError, Options, Phrase, Theme, Tick, Words, render};
use chrono::{DateTime, FixedOffset, Offset as _, TimeDelta, Utc};

/// Plain words, by the clocks of Greenwich.
struct Plain;

impl Words for Plain {
    fn offset(&self, _: DateTime<Utc>) -> FixedOffset {
        Utc.fix()
    }

    fn time(&self, at: DateTime<Utc>, tick: Tick) -> String {
        at.format(if tick == Tick::Hour { "%H:%M" } else { "%-d %b" }).to_string()
    }

    fn number(&self, value: f64) -> String {
        format!("{value}")
    }

    fn phrase(&self, phrase: Phrase) -> &'static str {
        match phrase {
            Phrase::Tickets => "tickets",
            Phrase::Hours => "hours",
            Phrase::Days => "days",
            Phrase::Percent => "%",
            Phrase::NoTickets => "nothing was reported",
            Phrase::NoneClosed => "nothing was closed",
            Phrase::NoneDecided => "nothing was decided",
            Phrase::Times => "times",
            Phrase::NothingHappened => "nothing happened",
        }
    }
}

fn start() -> DateTime<Utc> {
    "2026-03-01T00:00:00Z".parse().expect("this is a time")
}

fn draw(chart: &Chart) -> Result<String, ChartError> {
    let options = Options { width: 720, height: 320, theme: Theme::Light, words: &Plain };
    render(chart, &options).map(|picture| picture.svg)
}

fn chart(kind: AxisKind, unit: Unit, series: Vec<Series>) -> Chart {
    Chart {
        analysis: "open-in-period".into(),
        title: "Opened & not yet closed".into(),
        definition: "Tickets opened in the period.".into(),
        tz: "UTC".into(),
        x: Axis { label: "Opened".into(), kind },
        y: YAxis { label: "Count".into(), unit },
        series,
        totals: std::collections::BTreeMap::new(),
        as_of: start() + TimeDelta::days(1),
        lag_seconds: 0.0,
        stale: false,
    }
}

fn line(key: &str, name: &str, values: &[f64]) -> Series {
    let hours = (0..).map(|hour| X::Time(start() + TimeDelta::hours(hour)));
    let points = hours.zip(values).map(|(x, y)| Point(x, *y)).collect();
    Series { key: key.into(), name: name.into(), points }
}

fn bars(key: &str, values: &[(&str, f64)]) -> Series {
    let points = values.iter().map(|(word, y)| Point(X::Word((*word).into()), *y)).collect();
    Series { key: key.into(), name: key.into(), points }
}

/// The words of a picture, in the order they are drawn.
fn words(svg: &str) -> Vec<&str> {
    svg.split("<text")
        .skip(1)
        .filter_map(|part| part.split(&['>', '<'][..]).nth(1))
        .map(str::trim)
        .collect()
}

#[test]
fn each_series_over_time_is_one_line_named_at_its_end() {
    let svg = draw(&chart(
        AxisKind::Time,
        Unit::Tickets,
        vec![line("open", "Open", &[1.0, 4.0, 2.0]), line("active", "Active", &[0.0, 1.0, 2.0])],
    ))
    .unwrap();
    assert_eq!(svg.matches("stroke-width=\"2\"").count(), 2);
    assert_eq!(svg.matches("<circle").count(), 6);
    let words = words(&svg);
    for word in ["Count (tickets)", "1 Mar", "01:00", "Open 2", "Active 2", "0", "4"] {
        assert!(words.contains(&word), "{word} is missing in {words:?}");
    }
}

#[test]
fn in_a_narrow_picture_the_names_stand_above_the_lines() {
    let chart = chart(
        AxisKind::Time,
        Unit::Hours,
        vec![line("mean", "Mean", &[1.0, 4.0]), line("p90", "90th percentile", &[8.0, 9.5])],
    );
    let options = Options { width: 320, height: 260, theme: Theme::Dark, words: &Plain };
    let svg = render(&chart, &options).expect("it can be drawn").svg;
    assert_eq!(svg.matches("<rect").count(), 2);
    assert!(words(&svg).contains(&"90th percentile 9.5"));
}

#[test]
fn durations_leave_out_the_counts_beside_them() {
    let svg = draw(&chart(
        AxisKind::Time,
        Unit::Hours,
        vec![
            line("mean", "Mean", &[100.0, 240.0]),
            line("median", "Median", &[24.0, 48.0]),
            line("closed", "Closed", &[4000.0, 5000.0]),
            line("still_open", "Still open", &[10.0, 20.0]),
        ],
    ))
    .unwrap();
    assert_eq!(svg.matches("stroke-width=\"2\"").count(), 2);
    let words = words(&svg);
    assert!(words.contains(&"Count (days)") && words.contains(&"Mean 10"), "{words:?}");
    assert!(!words.iter().any(|word| word.starts_with("Closed")), "{words:?}");
}

#[test]
fn words_on_the_axis_become_groups_of_bars_with_their_values() {
    let all = [("facility", 12.0), ("it", 1500.0), ("services", 0.0)];
    let svg = draw(&chart(
        AxisKind::Category,
        Unit::Tickets,
        vec![bars("total", &all), bars("active", &all)],
    ))
    .unwrap();
    // Six bars and two squares of the legend.
    assert_eq!(svg.matches("<rect").count(), 8);
    let words = words(&svg);
    for word in ["Facility", "IT", "Services", "12", "1500", "total", "active"] {
        assert!(words.contains(&word), "{word} is missing in {words:?}");
    }
}

#[test]
fn closed_tickets_are_left_to_the_table_where_they_would_press_the_others_flat() {
    for (closed, drawn) in [(40.0, 2), (40_000.0, 1)] {
        let series = vec![bars("active", &[("it", 12.0)]), bars("closed", &[("it", closed)])];
        let chart = chart(AxisKind::Category, Unit::Tickets, series);
        assert_eq!(charts::drawn_series(&chart).len(), drawn, "{closed}");
    }
}

#[test]
fn a_chart_without_data_says_so() {
    for (unit, reason) in [
        (Unit::Tickets, "nothing was reported"),
        (Unit::Hours, "nothing was closed"),
        (Unit::Percent, "nothing was decided"),
        (Unit::Times, "nothing happened"),
    ] {
        let svg = draw(&chart(AxisKind::Time, unit, vec![line("mean", "Mean", &[])])).unwrap();
        assert_eq!(words(&svg), [reason]);
    }
}

#[test]
fn a_single_point_and_only_zeros_are_drawn_too() {
    for values in [&[7.0][..], &[0.0, 0.0, 0.0]] {
        let svg = draw(&chart(AxisKind::Time, Unit::Tickets, vec![line("open", "Open", values)]))
            .unwrap();
        assert_eq!(svg.matches("<circle").count(), values.len());
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }
}

#[test]
fn a_name_in_arabic_keeps_its_own_order() {
    let svg =
        draw(&chart(AxisKind::Time, Unit::Tickets, vec![line("open", "مفتوح", &[1.0])])).unwrap();
    assert!(words(&svg).contains(&"\u{2068}مفتوح 1\u{2069}"));
}

#[test]
fn the_picture_is_named_and_has_no_background() {
    let svg =
        draw(&chart(AxisKind::Time, Unit::Tickets, vec![line("open", "O<1>", &[1.0])])).unwrap();
    assert!(svg.starts_with(r#"<svg role="img" aria-label="Opened &amp; not yet closed""#));
    assert!(!svg.contains("<rect"));
    assert!(svg.contains("O&lt;1&gt; 1"));
}

#[test]
fn a_point_that_does_not_fit_the_axis_and_a_picture_too_small_are_refused() {
    let odd = chart(AxisKind::Time, Unit::Tickets, vec![bars("open", &[("it", 1.0)])]);
    assert_eq!(draw(&odd), Err(ChartError::ForeignPoint { series: "open".into() }));
    let nan = chart(AxisKind::Time, Unit::Tickets, vec![line("open", "Open", &[f64::NAN])]);
    assert_eq!(draw(&nan), Err(ChartError::ForeignPoint { series: "open".into() }));
    let small = Options { width: 100, height: 300, theme: Theme::Dark, words: &Plain };
    assert_eq!(render(&odd, &small), Err(ChartError::TooSmall { width: 100, height: 300 }));
}

#[test]
fn a_reader_can_stop_at_every_place_once_from_left_to_right() {
    let options = Options { width: 720, height: 320, theme: Theme::Light, words: &Plain };
    let series =
        vec![line("open", "Open", &[1.0, 4.0, 2.0]), line("active", "Active", &[0.0, 1.0])];
    let over_time = render(&chart(AxisKind::Time, Unit::Tickets, series), &options).unwrap();
    let series = vec![bars("open", &[("facility", 1.0), ("it", 2.0), ("services", 0.0)])];
    let over_words = render(&chart(AxisKind::Category, Unit::Tickets, series), &options).unwrap();
    for picture in [over_time, over_words] {
        assert_eq!(picture.stops.len(), 3);
        assert!(picture.stops.is_sorted_by(|left, right| left.x < right.x));
        assert!(picture.stops.iter().all(|stop| (0..720).contains(&stop.x)));
    }
    let nothing = render(&chart(AxisKind::Time, Unit::Tickets, Vec::new()), &options).unwrap();
    assert_eq!(nothing.stops, []);
}

//! A chart, drawn as SVG in the colours and the width of the page, and read by pointer and keyboard.

use api_types::Chart;
use charts::{ChartError, Options, Phrase, Picture, Theme, Tick, Words, render};
use chrono::{DateTime, FixedOffset, Utc};
use leptos::{ev, html, prelude::*};

use super::{data_table::Table, media::use_window_width, zone::ZoneClock};
use crate::{format::number, texts::say};

impl Words for ZoneClock {
    fn offset(&self, at: DateTime<Utc>) -> FixedOffset {
        self.offset(at)
    }

    fn time(&self, at: DateTime<Utc>, tick: Tick) -> String {
        let parts = match tick {
            // The short way in every language, since there is little room.
            Tick::Hour => &[("hour", "2-digit"), ("minute", "2-digit"), ("hourCycle", "h23")][..],
            Tick::Day => &[("day", "numeric"), ("month", "short")],
            Tick::Month => &[("month", "short")],
            Tick::MonthOfYear => &[("month", "short"), ("year", "numeric")],
            Tick::Year => &[("year", "numeric")],
        };
        self.say(at, parts)
    }

    fn number(&self, value: f64) -> String {
        number(value)
    }

    fn phrase(&self, phrase: Phrase) -> &'static str {
        match phrase {
            Phrase::Tickets => say!(analytics.chart.tickets),
            Phrase::Hours => say!(analytics.chart.hours),
            Phrase::Days => say!(analytics.chart.days),
            Phrase::NoTickets => say!(analytics.chart.no_tickets),
            Phrase::NoneClosed => say!(analytics.chart.none_closed),
            Phrase::Percent => "%",
            Phrase::NoneDecided => say!(analytics.chart.none_decided),
            Phrase::Times => say!(analytics.chart.times),
            Phrase::NothingHappened => say!(analytics.chart.nothing_happened),
        }
    }
}

/// Draws a chart as the page has it: the colours of its theme, the clocks of its time zone.
fn draw(chart: &Chart, width: u32, theme: Theme) -> Result<Picture, ChartError> {
    let height = if width < 520 { 260 } else { 340 };
    render(chart, &Options { width, height, theme, words: &ZoneClock::new(&chart.tz) })
}

/// A chart.
#[component]
pub(crate) fn ChartView(
    /// What to draw.
    chart: Chart,
    /// The colours of the page.
    #[prop(into)]
    theme: Signal<Theme>,
    /// Gets the drawn picture, for a download.
    #[prop(into)]
    on_drawn: Callback<String>,
) -> impl IntoView {
    let window_width = use_window_width();
    // The width of the column that the picture stands in, see .chart in pages.css.
    let width = Memo::new(move |_| {
        let window = window_width.get();
        let beside = if window >= 1000 { 322 } else { 76 };
        window.min(1280).saturating_sub(beside).clamp(240, 960)
    });
    let left_out: Vec<String> = {
        let drawn = charts::drawn_series(&chart);
        let missing = chart.series.iter().filter(|one| !drawn.iter().any(|d| d.key == one.key));
        missing.map(|one| one.name.clone()).collect()
    };
    let note = (!left_out.is_empty())
        .then(|| say!(analytics.chart.table_only, names = left_out.join(say!(analytics.comma))));
    let table = StoredValue::new(Table::of(&chart));
    let drawn = Memo::new(move |_| draw(&chart, width.get(), theme.get()));
    let picture = move || match drawn.get() {
        Ok(Picture { svg, .. }) => {
            on_drawn.run(svg.clone());
            view! { <div inner_html=svg></div> }.into_any()
        }
        Err(_) => {
            view! { <p class="error" role="alert">{say!(analytics.chart.not_drawn)}</p> }.into_any()
        }
    };
    view! {
        <figure class="chart">
            // Time runs from left to right in every language.
            <div class="picture" dir="ltr">
                {picture}
                <Reader drawn width table/>
            </div>
            {note.map(|note| view! { <figcaption class="muted small">{note}</figcaption> }.into_any())}
        </figure>
    }
}

/// Lies over the picture and tells the values at the place that is pointed at, or that the arrow keys went to.
#[component]
fn Reader(
    drawn: Memo<Result<Picture, ChartError>>,
    width: Memo<u32>,
    table: StoredValue<Table>,
) -> impl IntoView {
    let reader = NodeRef::<html::Div>::new();
    let stop = RwSignal::new(None::<usize>);
    let count = move || drawn.read().as_ref().map_or(0, |picture| picture.stops.len());
    let point = move |event: ev::PointerEvent| {
        let Some(reader) = reader.get_untracked() else { return };
        let place = reader.get_bounding_client_rect();
        let x = (f64::from(event.client_x()) - place.left()) / place.width()
            * f64::from(width.get_untracked());
        let drawn = drawn.read_untracked();
        let Ok(picture) = drawn.as_ref() else { return };
        let away = |at: &usize| (f64::from(picture.stops[*at].x) - x).abs();
        stop.set((0..picture.stops.len()).min_by(|one, other| away(one).total_cmp(&away(other))));
    };
    let step = move |event: ev::KeyboardEvent| {
        let last = untrack(count).saturating_sub(1);
        let here = stop.get_untracked();
        stop.set(match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => Some(here.map_or(0, |here| last.min(here + 1))),
            "ArrowLeft" | "ArrowDown" => Some(here.map_or(last, |here| here.saturating_sub(1))),
            "Home" => Some(0),
            "End" => Some(last),
            "Escape" => None,
            _ => return,
        });
        event.prevent_default();
    };
    let reading = Memo::new(move |_| {
        let at = stop.get()?;
        let drawn = drawn.read();
        let stop = drawn.as_ref().ok()?.stops.get(at)?;
        let (name, values) = table.with_value(|table| table.read_at(&stop.at))?;
        Some((f64::from(stop.x) / f64::from(width.get()) * 100.0, name, values))
    });
    let said = move || {
        let nothing = || say!(analytics.chart.press).to_owned();
        reading.get().map_or_else(nothing, |(_, name, values)| {
            let values: Vec<_> = values.iter().map(|(of, value)| format!("{of} {value}")).collect();
            format!("{name}: {}", values.join(say!(analytics.comma)))
        })
    };
    view! {
        {move || (count() > 0).then(|| view! {
            <div class="reader" node_ref=reader role="slider" tabindex="0" aria-label=say!(analytics.chart.reader)
                aria-valuemin="1" aria-valuemax=move || count().to_string()
                aria-valuenow=move || stop.get().map_or(1, |at| at + 1).to_string() aria-valuetext=said
                on:pointermove=point on:pointerdown=point on:pointerleave=move |event| if event.pointer_type() == "mouse" { stop.set(None) }
                on:keydown=step on:blur=move |_| stop.set(None)></div>
        }.into_any())}
        {move || reading.get().map(|(left, name, values)| view! { <Reading left name values/> }.into_any())}
    }
}

#[component]
fn Reading(left: f64, name: String, values: Vec<(String, String)>) -> impl IntoView {
    // Where the place lies on the right, its values stand on the left of it.
    let turned = left > 55.0;
    view! {
        <div class="stop" style=format!("left: {left:.2}%") aria-hidden="true">
            <dl class="reading" class:turned=turned dir="auto">
                <dt>{name}</dt>
                {values.into_iter().map(|(of, value)| view! { <dd><span>{of}</span><strong>{value}</strong></dd> }.into_any()).collect_view()}
            </dl>
        </div>
    }
}

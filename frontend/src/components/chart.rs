//! A chart, drawn as SVG in the colours and the width of the page.

use api_types::Chart;
use charts::{Options, render_svg};
use leptos::prelude::*;

use super::media::use_window_width;
use crate::format::ZoneClock;

/// Draws a chart as the page has it: the colours of its theme, the clocks of its time zone.
fn draw(chart: &Chart, width: u32, theme: charts::Theme) -> Result<String, charts::ChartError> {
    let clock = ZoneClock::new(&chart.tz);
    let height = if width < 520 { 260 } else { 340 };
    render_svg(chart, &Options { width, height, theme, offset: &|at| clock.offset(at) })
}

/// A chart.
#[component]
pub(crate) fn ChartView(
    /// What to draw.
    chart: Chart,
    /// The colours of the page.
    #[prop(into)]
    theme: Signal<charts::Theme>,
    /// Gets the drawn picture, for a download.
    #[prop(into)]
    on_drawn: Callback<String>,
) -> impl IntoView {
    let window_width = use_window_width();
    // The width of the column that the picture stands in, see .chart in pages.css.
    let width = Memo::new(move |_| {
        let window = window_width.get();
        let beside = if window >= 1000 { 360 } else { 76 };
        window.min(1280).saturating_sub(beside).clamp(240, 900)
    });
    let left_out: Vec<String> = {
        let drawn = charts::drawn_series(&chart);
        let missing = chart.series.iter().filter(|one| !drawn.iter().any(|d| d.key == one.key));
        missing.map(|one| one.name.clone()).collect()
    };
    let note = (!left_out.is_empty())
        .then(|| format!("In the table only, being on another scale: {}.", left_out.join(", ")));
    let picture = move || match draw(&chart, width.get(), theme.get()) {
        Ok(svg) => {
            on_drawn.run(svg.clone());
            view! { <div class="picture" inner_html=svg></div> }.into_any()
        }
        Err(error) => view! { <p class="error" role="alert">{error.to_string()}</p> }.into_any(),
    };
    view! {
        <figure class="chart">
            {picture}
            {note.map(|note| view! { <figcaption class="muted small">{note}</figcaption> })}
        </figure>
    }
}

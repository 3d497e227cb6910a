//! Analyses: choose a question and a period, see the answer as a number, a picture, a table and a file.

use api_types::{AnalysisInfo, Chart};
use leptos::{prelude::*, task::spawn_local};

use super::name_tab;
use crate::{
    api,
    components::{
        Age, ChartView, Choice, DataTable, Empty, FailureBox, Icon, Loading, Picture, chart_csv,
    },
    format::number,
    state::{ColourChoice, Loaded, Session},
    texts::say,
};

mod numbers;
mod period;
mod save;
mod translate;

use numbers::Numbers;
use period::{PeriodField, use_asked};
use save::{save_file, save_png};
use translate::{title, translate};

/// The analytics page.
#[component]
pub(crate) fn AnalyticsPage() -> impl IntoView {
    name_tab(say!(analytics.title));
    let session = Session::expect();
    let catalog = Loaded::new(move || {
        let who = session.who();
        async move { api::list_analyses(&who).await.map(|catalog| catalog.analyses) }
    });
    view! {
        <section class="analytics">
            <h1>{say!(analytics.title)}</h1>
            <p class="lead">{say!(analytics.lead)}</p>
            {move || match catalog.get() {
                None => view! { <Loading what=say!(analytics.loading)/> }.into_any(),
                Some(Err(failure)) => view! {
                    <FailureBox failure retry=Callback::new(move |()| catalog.refetch())/>
                }.into_any(),
                Some(Ok(analyses)) if analyses.is_empty() => view! {
                    <Empty title=say!(analytics.nothing_title)><p>{say!(analytics.nothing)}</p></Empty>
                }.into_any(),
                Some(Ok(analyses)) => view! { <Ask analyses/> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Ask(analyses: Vec<AnalysisInfo>) -> impl IntoView {
    let session = Session::expect();
    let options: Vec<_> = analyses.iter().map(|one| (one.name.clone(), title(one))).collect();
    let asked = use_asked(analyses);
    let chart = Loaded::new(move || {
        let who = session.who();
        let (name, parameters) = (asked.name.get(), asked.parameters.get());
        async move { api::find_chart(&who, &name, &parameters).await }
    });
    view! {
        <div class="filters">
            <Choice id="analysis" label=say!(analytics.analysis) options=Signal::stored(options)
                value=asked.name on_change=asked.choose/>
            {move || asked.period.get().map(|parameter| view! { <PeriodField parameter asked/> }.into_any())}
        </div>
        <div aria-live="polite">
            {move || match chart.get() {
                None => view! { <Loading what=say!(analytics.loading_chart) lines=6/> }.into_any(),
                Some(Err(failure)) => view! {
                    <FailureBox failure retry=Callback::new(move |()| chart.refetch())/>
                }.into_any(),
                Some(Ok(answer)) => view! {
                    <Answer chart=answer again=move |()| chart.refetch()/>
                }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Answer(
    chart: Chart,
    /// Asks again.
    #[prop(into)]
    again: Callback<()>,
) -> impl IntoView {
    let svg = StoredValue::new(String::new());
    let colours = ColourChoice::expect();
    let file = chart.analysis.clone();
    let svg_name = format!("{file}.svg");
    let png_name = format!("{file}.png");
    let save_picture = move |_| {
        let ground = untrack(move || colours.theme()).ground();
        spawn_local(save_png(png_name.clone(), svg.get_value(), ground));
    };
    let csv = chart_csv(&chart);
    let chart = translate(chart);
    let (as_of, stale) = (chart.as_of, chart.stale);
    let comma = say!(analytics.comma);
    let mut after_age = format!("{comma}{}", say!(analytics.time_zone, zone = chart.tz.clone()));
    // Below a few seconds it is the ordinary pace of the feed.
    if chart.lag_seconds >= 5.0 && !stale {
        let seconds = number(chart.lag_seconds.round());
        after_age = format!("{comma}{}{after_age}", say!(analytics.behind, seconds = seconds));
    }
    view! {
        {stale.then(|| view! {
            <p class="notice warn" role="status"><Icon picture=Picture::Warning/>
                <span>{say!(analytics.stale)}" "<Age at=as_of/>"."</span></p>
        }.into_any())}
        <div class="answer">
            <div class="panel">
                <h2>{chart.title.clone()}</h2>
                <ChartView chart=chart.clone() theme=Signal::derive(move || colours.theme())
                    on_drawn=move |drawn| svg.set_value(drawn)/>
            </div>
            <Numbers chart=chart.clone()/>
        </div>
        <p class="muted definition">{chart.definition.clone()}</p>
        <p class="actions">
            <button type="button" on:click=move |_| save_file(&format!("{file}.csv"), "text/csv", &csv)>
                <Icon picture=Picture::Download/>{say!(analytics.csv)}</button>
            <button type="button" on:click=move |_| svg.with_value(|svg| save_file(&svg_name, "image/svg+xml", svg))>
                <Icon picture=Picture::Download/>{say!(analytics.svg)}</button>
            <button type="button" on:click=save_picture><Icon picture=Picture::Download/>{say!(analytics.png)}</button>
            <button type="button" class="quiet" on:click=move |_| again.run(())>{say!(analytics.again)}</button>
            <span class="muted small">{say!(analytics.as_of)}" "<Age at=as_of/>{after_age}</span>
        </p>
        <h2>{say!(analytics.as_table)}</h2>
        <DataTable chart/>
    }
}

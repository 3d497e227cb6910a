//! The data of a chart as a table and as CSV.

use api_types::{AxisKind, Chart, Unit, X};
use chrono::{DateTime, Datelike, Timelike, Utc};
use leptos::prelude::*;

use super::zone::ZoneClock;
use crate::{format::number, texts::say};

/// The places on the horizontal axis, each once, in order, with the value of each series there.
fn rows(chart: &Chart) -> Vec<(&X, Vec<Option<f64>>)> {
    let mut places: Vec<&X> = Vec::new();
    for point in chart.series.iter().flat_map(|series| &series.points) {
        if !places.contains(&&point.0) {
            places.push(&point.0);
        }
    }
    if chart.x.kind == AxisKind::Time {
        places.sort_by_key(|x| time_of(x));
    }
    places
        .into_iter()
        .map(|place| {
            let value_in = |series: &api_types::Series| {
                series.points.iter().find(|point| &point.0 == place).map(|point| point.1)
            };
            (place, chart.series.iter().map(value_in).collect())
        })
        .collect()
}

fn time_of(x: &X) -> Option<DateTime<Utc>> {
    match x {
        X::Time(at) => Some(*at),
        X::Number(_) | X::Word(_) => None,
    }
}

/// Writes the data as CSV: times as RFC 3339, numbers unrounded, columns by key.
pub(crate) fn chart_csv(chart: &Chart) -> String {
    let quote = |text: &str| {
        if text.contains(['"', ',', '\n']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    let mut csv = String::from("x");
    for series in &chart.series {
        csv.push(',');
        csv.push_str(&quote(&series.key));
    }
    csv.push_str("\r\n");
    for (place, values) in rows(chart) {
        csv.push_str(&match place {
            X::Time(at) => at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            X::Number(number) => number.to_string(),
            X::Word(word) => quote(word),
        });
        for value in values {
            csv.push(',');
            csv.push_str(&value.map(|value| value.to_string()).unwrap_or_default());
        }
        csv.push_str("\r\n");
    }
    csv
}

/// Whether a series counts tickets although the axis is in hours.
fn is_count(key: &str) -> bool {
    matches!(key, "closed" | "still_open" | "open" | "active" | "decided")
}

/// The data of a chart in words.
pub(super) struct Table {
    /// The name of each column, after the one of the places.
    heads: Vec<String>,
    rows: Vec<Row>,
}

/// A place on the horizontal axis and what each series has there.
#[derive(Clone)]
struct Row {
    at: X,
    name: String,
    values: Vec<Option<String>>,
}

impl Table {
    /// Puts the data of a chart into words.
    pub(super) fn of(chart: &Chart) -> Self {
        let clock = ZoneClock::new(&chart.tz);
        let rows = rows(chart);
        let local = |at: DateTime<Utc>| at.with_timezone(&clock.offset(at));
        let times = || rows.iter().filter_map(|row| time_of(row.0)).map(local);
        // The first bucket may begin within a day; the last one always begins where a bucket begins.
        let by_day = times().skip(1).all(|at| at.hour() == 0 && at.minute() == 0);
        let by_month = by_day && times().skip(1).all(|at| at.day() == 1);
        let parts = match (by_month, by_day) {
            (true, _) => &[("month", "long"), ("year", "numeric")][..],
            (false, true) => &[("day", "numeric"), ("month", "short"), ("year", "numeric")],
            (false, false) => &[
                ("day", "numeric"),
                ("month", "short"),
                ("year", "numeric"),
                ("hour", "2-digit"),
                ("minute", "2-digit"),
                ("hourCycle", "h23"),
            ],
        };
        let name = |place: &X| match place {
            X::Time(at) => clock.say(*at, parts),
            X::Number(value) => number(*value),
            X::Word(word) => word.clone(),
        };
        let value = |value: &Option<f64>| value.map(|value| number((value * 10.0).round() / 10.0));
        let unit = chart.y.unit;
        let head = |series: &api_types::Series| match unit {
            _ if is_count(&series.key) => series.name.clone(),
            Unit::Hours => say!(analytics.table.in_hours, name = series.name.clone()),
            Unit::Percent => format!("{} (%)", series.name),
            Unit::Tickets | Unit::Times => series.name.clone(),
        };
        Self {
            heads: chart.series.iter().map(head).collect(),
            rows: rows
                .iter()
                .map(|(place, values)| Row {
                    at: (*place).clone(),
                    name: name(place),
                    values: values.iter().map(value).collect(),
                })
                .collect(),
        }
    }

    /// What stands at a place: its name, and each series with its value.
    pub(super) fn read_at(&self, at: &X) -> Option<(String, Vec<(String, String)>)> {
        let row = self.rows.iter().find(|row| row.at == *at)?;
        let values = self.heads.iter().zip(&row.values);
        let values = values.filter_map(|(head, value)| Some((head.clone(), value.clone()?)));
        Some((row.name.clone(), values.collect()))
    }
}

/// The data of a chart as a table.
#[component]
pub(crate) fn DataTable(chart: Chart) -> impl IntoView {
    let Table { heads, rows } = Table::of(&chart);
    let row = |Row { name, values, .. }: Row| {
        let cell =
            |value: Option<String>| view! { <td>{value.unwrap_or_else(|| "–".to_owned())}</td> };
        view! { <tr><th scope="row">{name}</th>{values.into_iter().map(cell).collect_view()}</tr> }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=say!(analytics.table.label)>
            <table class="data">
                <thead>
                    <tr>
                        <th scope="col">{chart.x.label.clone()}</th>
                        {heads.into_iter().map(|head| view! { <th scope="col">{head}</th> }.into_any()).collect_view()}
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use api_types::{Axis, Point, Series, YAxis};

    use super::*;

    #[test]
    fn the_file_has_a_row_per_place_and_nothing_where_a_series_has_nothing() {
        let at: DateTime<Utc> = "2026-03-01T00:00:00Z".parse().unwrap();
        let later: DateTime<Utc> = "2026-04-01T00:00:00Z".parse().unwrap();
        let series =
            |key: &str, points: Vec<Point>| Series { key: key.into(), name: key.into(), points };
        let chart = Chart {
            analysis: "a".into(),
            title: "A".into(),
            definition: "A.".into(),
            tz: "UTC".into(),
            x: Axis { label: "Month".into(), kind: AxisKind::Time },
            y: YAxis { label: "Hours".into(), unit: Unit::Hours },
            series: vec![
                series("mean", vec![Point(X::Time(later), 2.5)]),
                series("closed", vec![Point(X::Time(at), 0.0), Point(X::Time(later), 4.0)]),
            ],
            totals: std::collections::BTreeMap::new(),
            as_of: at,
            lag_seconds: 0.0,
            stale: false,
        };
        assert_eq!(
            chart_csv(&chart),
            "x,mean,closed\r\n2026-03-01T00:00:00Z,,0\r\n2026-04-01T00:00:00Z,2.5,4\r\n"
        );
    }
}

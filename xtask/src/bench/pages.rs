//! The pages in a browser: how soon the first is usable, whether one stutters, what Lighthouse says.
//!
//! The scripts of `e2e/bench` measure and print every run; which of them count, and against which aim, is decided here.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::desk::BenchDesk;
use crate::{job::Job, paths, setup, step::Progress};

/// How soon the first page shall be usable.
const USABLE_MS: f64 = 2_500.0;
/// What Lighthouse shall give at least for performance; for the rest it shall be a hundred.
const PERFORMANCE: f64 = 95.0;
/// Far longer than either script takes, on a slow machine too.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// What came of it.
pub(super) struct Pages {
    browser: Seen,
    lighthouse: Vec<Page>,
}

/// One figure of the report.
#[derive(Debug, PartialEq)]
pub(super) struct Figure {
    pub(super) what: String,
    pub(super) measured: String,
    pub(super) aim: String,
    pub(super) met: bool,
}

/// What `pages.mjs` prints.
#[derive(Deserialize)]
struct Seen {
    usable_ms: Vec<f64>,
    scroll: Vec<Busy>,
    typing: Vec<Busy>,
    chromium: String,
}

/// The tasks of more than 50 ms in one run.
#[derive(Deserialize)]
struct Busy {
    long_tasks: u32,
    /// `None` when there was none: the browser does not time shorter ones.
    longest_ms: Option<f64>,
    /// How many rows went by, where it was scrolled.
    rows: Option<u64>,
}

/// What `lighthouse.mjs` prints of a page.
#[derive(Deserialize)]
struct Page {
    path: String,
    visits: Vec<Visit>,
}

#[derive(Deserialize)]
struct Visit {
    scores: Scores,
    metrics: Metrics,
    /// The audits that cost accessibility or best practices their hundred.
    missed: Vec<String>,
    version: String,
}

/// In percent; `None` where Lighthouse had no score.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Scores {
    performance: Option<f64>,
    accessibility: Option<f64>,
    best_practices: Option<f64>,
}

/// What the score for performance is made of; times in milliseconds.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Metrics {
    first_contentful_paint: Option<f64>,
    largest_contentful_paint: Option<f64>,
    total_blocking_time: Option<f64>,
    cumulative_layout_shift: Option<f64>,
    speed_index: Option<f64>,
}

/// Looks at the desk with a browser, then with Lighthouse.
///
/// # Errors  When a page does not show what it should, or a script cannot run.
pub(super) fn measure(desk: &BenchDesk, progress: &Progress) -> Result<Pages> {
    progress.note("first page, scrolling and typing");
    let browser = run_script(desk.api(), "bench/pages.mjs")?;
    progress.note("Lighthouse");
    let lighthouse = run_script(desk.api(), "bench/lighthouse.mjs")?;
    Ok(Pages { browser, lighthouse })
}

fn run_script<T: for<'a> Deserialize<'a>>(address: SocketAddr, script: &str) -> Result<T> {
    let browser = setup::find_browser().context("Chromium is gone")?;
    let text = Job::new("node")
        .args([script])
        .dir(paths::root().join("e2e"))
        .env("BASE_URL", format!("http://{address}"))
        .env("CHROMIUM", browser)
        .env("LIGHTHOUSE", paths::lighthouse())
        .timeout(PATIENCE)
        .read()?;
    serde_json::from_str(&text).with_context(|| format!("what {script} printed cannot be read"))
}

impl Pages {
    /// The lines of the table.
    pub(super) fn figures(&self) -> Vec<Figure> {
        let Seen { usable_ms, scroll, typing, .. } = &self.browser;
        let mut figures = vec![
            first_page(usable_ms),
            smoothness("tasks in 30 s of scrolling the queue, best of 3 runs", scroll),
            smoothness("tasks after a key in the form for reports, best of 3 runs", typing),
        ];
        for page in &self.lighthouse {
            type Pick = fn(&Scores) -> Option<f64>;
            let categories: [(&str, Pick, f64); 3] = [
                ("performance", |scores| scores.performance, PERFORMANCE),
                ("accessibility", |scores| scores.accessibility, 100.0),
                ("best practices", |scores| scores.best_practices, 100.0),
            ];
            for (category, pick, aim) in categories {
                let scores = page.visits.iter().map(|visit| pick(&visit.scores)).collect();
                figures.push(score(&page.path, category, scores, aim));
            }
        }
        figures
    }

    /// What is to be said beside the table.
    pub(super) fn facts(&self) -> Vec<String> {
        let version = self.lighthouse.iter().flat_map(|page| &page.visits).next();
        let version = version.map_or("unknown", |visit| visit.version.as_str());
        let programs = format!("Chromium {}, Lighthouse {version}.", self.browser.chromium);
        let mut facts = vec![programs];
        for page in &self.lighthouse {
            facts.push(format!("Lighthouse on `{}`: {}.", page.path, page.explanation()));
        }
        facts
    }
}

impl Page {
    /// What its scores are made of.
    fn explanation(&self) -> String {
        let middle = |pick: fn(&Metrics) -> Option<f64>, unit: &str| {
            let values: Option<Vec<f64>> =
                self.visits.iter().map(|visit| pick(&visit.metrics)).collect();
            match values.and_then(median) {
                Some(value) if unit.is_empty() => format!("{value:.3}"),
                Some(value) => format!("{value:.0} {unit}"),
                None => "not measured".to_owned(),
            }
        };
        let mut text = format!(
            "first contentful paint {}, largest {}, blocked {}, speed index {}, layout shift {}",
            middle(|metrics| metrics.first_contentful_paint, "ms"),
            middle(|metrics| metrics.largest_contentful_paint, "ms"),
            middle(|metrics| metrics.total_blocking_time, "ms"),
            middle(|metrics| metrics.speed_index, "ms"),
            middle(|metrics| metrics.cumulative_layout_shift, ""),
        );
        let mut missed: Vec<&str> =
            self.visits.iter().flat_map(|visit| &visit.missed).map(String::as_str).collect();
        missed.sort_unstable();
        missed.dedup();
        if !missed.is_empty() {
            text += &format!("; in at least one visit it missed {}", missed.join(", "));
        }
        text
    }
}

fn first_page(usable_ms: &[f64]) -> Figure {
    let seconds = |ms: f64| format!("{:.2} s", ms / 1000.0);
    let middle = median(usable_ms.to_vec());
    let worst = usable_ms.iter().copied().fold(0.0, f64::max);
    Figure {
        what: format!(
            "first page usable, CPU slowed 4 ×, 1.6 Mbit/s, 150 ms, median of {}",
            usable_ms.len()
        ),
        measured: match middle {
            Some(middle) => format!("{}, at worst {}", seconds(middle), seconds(worst)),
            None => "not measured".to_owned(),
        },
        aim: format!("≤ {:.1} s", USABLE_MS / 1000.0),
        met: middle.is_some_and(|middle| middle <= USABLE_MS),
    }
}

/// The best of the runs, and all of them in words: it may have been luck.
fn smoothness(what: &str, runs: &[Busy]) -> Figure {
    let best = runs.iter().min_by(|a, b| {
        let longest = |run: &Busy| run.longest_ms.unwrap_or(0.0);
        longest(a).total_cmp(&longest(b)).then(a.long_tasks.cmp(&b.long_tasks))
    });
    let each: Vec<String> = runs.iter().map(Busy::in_words).collect();
    Figure {
        what: what.to_owned(),
        measured: match best {
            Some(best) => format!("{} (runs: {})", best.in_words(), each.join("; ")),
            None => "not measured".to_owned(),
        },
        aim: "none over 50 ms".to_owned(),
        met: best.is_some_and(|best| best.long_tasks == 0),
    }
}

impl Busy {
    fn in_words(&self) -> String {
        let tasks = match (self.long_tasks, self.longest_ms) {
            (0, _) => "none over 50 ms".to_owned(),
            (count, longest) => {
                format!("{count} over 50 ms, up to {:.0} ms", longest.unwrap_or(0.0))
            }
        };
        self.rows.map_or_else(|| tasks.clone(), |rows| format!("{tasks}, {rows} rows"))
    }
}

fn score(path: &str, category: &str, scores: Option<Vec<f64>>, aim: f64) -> Figure {
    let count = scores.as_ref().map_or(0, Vec::len);
    let middle = scores.and_then(median);
    Figure {
        what: format!("Lighthouse on `{path}`, {category}"),
        measured: match middle {
            Some(middle) => format!("{middle:.0}, median of {count}"),
            None => "not measured: Lighthouse gave no score in one of the visits".to_owned(),
        },
        aim: if aim < 100.0 { format!("≥ {aim:.0}") } else { "100".to_owned() },
        met: middle.is_some_and(|middle| middle >= aim),
    }
}

/// The one in the middle, the lower one of two.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_in_the_middle_counts() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(Vec::new()), None);
        let figure = first_page(&[2_400.0, 2_900.0, 2_300.0]);
        assert_eq!(figure.measured, "2.40 s, at worst 2.90 s");
        assert!(figure.met);
    }

    #[test]
    fn the_smoothest_run_counts() {
        let run = |long_tasks, longest_ms| Busy { long_tasks, longest_ms, rows: Some(9) };
        let figure = smoothness("scrolling", &[run(2, Some(80.0)), run(0, None)]);
        assert_eq!(
            figure.measured,
            "none over 50 ms, 9 rows (runs: 2 over 50 ms, up to 80 ms, 9 rows; none over 50 ms, 9 rows)"
        );
        assert!(figure.met);
        assert!(!smoothness("scrolling", &[run(1, Some(51.0))]).met);
    }

    #[test]
    fn a_score_that_lighthouse_did_not_give_is_not_made_up() {
        let figure = score("/", "performance", [Some(99.0), None].into_iter().collect(), 95.0);
        assert!(figure.measured.starts_with("not measured"));
        assert!(!figure.met);
        assert!(score("/", "accessibility", Some(vec![100.0]), 100.0).met);
    }
}

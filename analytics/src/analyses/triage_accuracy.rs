//! How often the classifier's category was the right one, by the month of the report and by model.

use std::collections::{BTreeMap, BTreeSet};

use api_types::{Axis, AxisKind, Category, Unit, X, YAxis};

use super::{Analysis, Answer, Scope, Window, series, totals};
use crate::{
    calendar::Month,
    store::{ModelVersion, Store, Verdicts},
};

pub(super) const ANALYSIS: Analysis = Analysis {
    name: "triage-accuracy",
    title: "Automatic categories that staff left alone",
    definition: "Of the tickets reported in each whole month that the period touches, those of which it can be told \
                 whether the classifier was right: staff decided the category, or took the ticket up and left it \
                 alone. Tickets whose reporter chose the category are left out until staff decide. The series right \
                 is the share, in percent, in which the category now is the one that the classifier said; decided is \
                 how many tickets that share is of, in tickets; each further series is the share of one version of \
                 the model. Totals such as facility_to_it count the tickets said to be facility that are it.",
    scope: Scope::Last { default: "365d", answer },
};

fn answer(store: &Store, window: &Window) -> Answer {
    let month_at =
        |at: chrono::DateTime<chrono::Utc>| Month::containing(at.timestamp_micros(), window.tz);
    let last = month_at(window.now);
    let months: Vec<Month> =
        std::iter::successors(Some(month_at(window.start())), |month| Some(month.next()))
            .take_while(|month| *month <= last)
            .collect();
    let models: BTreeSet<ModelVersion> =
        months.iter().flat_map(|month| store.verdicts(*month).map(|(model, _)| model)).collect();
    let tally = |month: Month, wanted: Option<ModelVersion>| {
        let of_month = store.verdicts(month);
        sum(of_month.filter(|(model, _)| wanted.is_none_or(|w| w == *model)).map(|(_, v)| v))
    };
    let line = |wanted: Option<ModelVersion>| {
        let at = |month: &Month| {
            let share = share_right(&tally(*month, wanted))?;
            Some((X::Time(month.start(window.tz)), 100.0 * share))
        };
        months.iter().filter_map(at).collect::<Vec<_>>()
    };
    let counts = months
        .iter()
        .map(|month| (X::Time(month.start(window.tz)), count(&tally(*month, None)) as f64));
    let mut all = vec![
        series("right", "Left alone", line(None)),
        series("decided", "Tickets decided", counts),
    ];
    // With one model its line would lie on the first.
    if models.len() > 1 {
        all.extend(models.into_iter().map(|model| {
            let key = model.to_string();
            series(&key, &format!("Model {}", &key[..6]), line(Some(model)))
        }));
    }
    let tallies: Vec<Verdicts> = months.iter().map(|month| tally(*month, None)).collect();
    Answer {
        x: Axis { label: "Month of report".to_owned(), kind: AxisKind::Time },
        y: YAxis { label: "Categories left alone".to_owned(), unit: Unit::Percent },
        series: all,
        totals: sum_up(&sum(tallies.iter())),
    }
}

/// The share, how many it is of, and who was taken for whom.
fn sum_up(verdicts: &Verdicts) -> BTreeMap<String, f64> {
    let mut numbers = totals([("decided", count(verdicts) as f64)]);
    if let Some(share) = share_right(verdicts) {
        numbers.insert("right_percent".to_owned(), 100.0 * share);
    }
    for said in Category::ALL {
        for truth in Category::ALL.iter().filter(|truth| *truth != said) {
            let wrong = verdicts[*said as usize][*truth as usize];
            numbers.insert(format!("{said}_to_{truth}"), wrong as f64);
        }
    }
    numbers
}

fn sum<'a>(all: impl Iterator<Item = &'a Verdicts>) -> Verdicts {
    all.fold(Verdicts::default(), |mut sum, verdicts| {
        for (sum, count) in sum.as_flattened_mut().iter_mut().zip(verdicts.as_flattened()) {
            *sum += count;
        }
        sum
    })
}

fn count(verdicts: &Verdicts) -> u64 {
    verdicts.as_flattened().iter().sum()
}

/// There is no share of nothing.
fn share_right(verdicts: &Verdicts) -> Option<f64> {
    let right: u64 = (0..verdicts.len()).map(|at| verdicts[at][at]).sum();
    let all = count(verdicts);
    (all > 0).then(|| right as f64 / all as f64)
}

#[cfg(test)]
mod tests {
    use api_types::{CategoryBy, Status};
    use chrono_tz::Tz;

    use super::*;
    use crate::{
        store::{FeedGuess, FeedTicket},
        testing::{Random, random_ticket},
    };

    #[test]
    fn a_category_is_right_where_staff_left_it_or_chose_the_same() {
        let base = FeedTicket { merged_into: None, ..random_ticket(&mut Random::new(5), 10) };
        let window = Window {
            period: "60d".parse().unwrap(),
            now: chrono::DateTime::from_timestamp_micros(base.opened_at.0).unwrap(),
            tz: Tz::UTC,
        };
        let ticket = |id, status, category_by, said, category, model| FeedTicket {
            id,
            status,
            category_by,
            category,
            closed_at: (status == Status::Closed).then_some(base.opened_at),
            guess: Some(FeedGuess { category: said, model: ModelVersion(model) }),
            ..base
        };
        use Category::{Facility, It, Services};
        use CategoryBy::{Automatic, Reporter, Staff};
        use Status::{Active, Closed, Open};
        let mut store = Store::new(Tz::UTC);
        store.apply(&[
            ticket(1, Closed, Automatic, It, It, 1),
            ticket(2, Active, Automatic, It, It, 2),
            ticket(3, Closed, Staff, Facility, It, 1),
            ticket(4, Open, Staff, Services, Services, 1),
            // Nobody looked at it yet; the reporter chose; nothing was said.
            ticket(5, Open, Automatic, It, It, 1),
            ticket(6, Closed, Reporter, It, Services, 1),
            FeedTicket { id: 7, guess: None, ..ticket(7, Closed, Staff, It, It, 1) },
        ]);
        let answer = answer(&store, &window);
        assert!((answer.totals["right_percent"] - 75.0).abs() < 1e-9);
        assert_eq!((answer.totals["decided"], answer.totals["facility_to_it"]), (4.0, 1.0));
        let keys: Vec<&str> = answer.series.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys, ["right", "decided", "0000000000000001", "0000000000000002"]);
        let last = |at: usize| answer.series[at].points.last().unwrap().1;
        assert!((last(0) - 75.0).abs() < 1e-9 && (last(2) - 200.0 / 3.0).abs() < 1e-9);
        assert!((last(1) - 4.0).abs() < 1e-9 && (last(3) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_decided_is_no_share_at_all() {
        let window = Window {
            period: "60d".parse().unwrap(),
            now: "2026-03-01T00:00:00Z".parse().unwrap(),
            tz: Tz::UTC,
        };
        let answer = answer(&Store::new(Tz::UTC), &window);
        assert!(answer.series[0].points.is_empty());
        assert!(!answer.totals.contains_key("right_percent"));
        assert_eq!(answer.totals["decided"], 0.0);
    }
}

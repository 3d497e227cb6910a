//! Tickets grouped by category, with the number active in each.

use api_types::{Axis, AxisKind, Category, Status, Unit, X, YAxis};

use super::{Analysis, Answer, Scope, series, totals};
use crate::store::Store;

pub(super) const ANALYSIS: Analysis = Analysis {
    name: "active-by-category",
    title: "Active tickets by category",
    definition: "All tickets that were not merged into another, grouped by category and counted by their status now.",
    scope: Scope::Now { answer },
};

fn answer(store: &Store) -> Answer {
    let by_category = |status: Status| {
        Category::ALL.iter().map(move |category| {
            (X::Word(category.to_string()), store.count(*category, status) as f64)
        })
    };
    let total = |status: Status| by_category(status).map(|(_, count)| count).sum::<f64>();
    let (active, open, closed) =
        (total(Status::Active), total(Status::Open), total(Status::Closed));
    Answer {
        x: Axis { label: "Category".to_owned(), kind: AxisKind::Category },
        y: YAxis { label: "Tickets".to_owned(), unit: Unit::Tickets },
        series: vec![
            series("active", "Active", by_category(Status::Active)),
            series("open", "Open", by_category(Status::Open)),
            series("closed", "Closed", by_category(Status::Closed)),
        ],
        totals: totals([
            ("active", active),
            ("open", open),
            ("closed", closed),
            ("all", active + open + closed),
        ]),
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::*;
    use crate::testing::{Random, random_ticket};

    #[test]
    fn every_ticket_is_counted_once_under_its_category_and_status() {
        let mut random = Random::new(21);
        let tickets: Vec<_> = (1..=400)
            .map(|id| crate::store::FeedTicket { id, ..random_ticket(&mut random, 1) })
            .collect();
        let mut store = Store::new(Tz::UTC);
        store.apply(&tickets);
        let answer = answer(&store);

        for (series, status) in
            answer.series.iter().zip([Status::Active, Status::Open, Status::Closed])
        {
            assert_eq!(series.key, status.as_str());
            for (point, category) in series.points.iter().zip(Category::ALL) {
                let expected = tickets
                    .iter()
                    .filter(|t| {
                        (t.category, t.status) == (*category, status) && t.merged_into.is_none()
                    })
                    .count();
                assert_eq!(point.0, X::Word(category.to_string()));
                assert_eq!(point.1, expected as f64);
            }
        }
        let all = tickets.iter().filter(|t| t.merged_into.is_none()).count();
        assert_eq!(answer.totals["all"], all as f64);
    }
}

//! What people look for on a real desk, in the charts.

use api_types::SearchOutcome;

use crate::support::Desk;

#[actix_web::test]
async fn a_search_that_found_nothing_is_in_the_chart_under_its_words_in_small_letters() {
    let desk = Desk::start().await;
    for (q, found, opened) in
        [("Gown  HIRE", false, false), ("gown hire", true, false), ("printer", true, true)]
    {
        desk.client.count_search(&SearchOutcome { q: q.into(), found, opened }).await.unwrap();
    }
    desk.counted(3).await;
    let chart = desk.chart("searches-without-answer").await;
    let points = |at: usize| serde_json::to_value(&chart.series[at].points).unwrap();
    assert_eq!(points(0), serde_json::json!([["gown hire", 1.0]]));
    assert_eq!(points(1), serde_json::json!([["gown hire", 1.0]]));
    assert_eq!(chart.totals["asked"], 3.0);
}

//! `/health/*`, `/metrics`, and what is passed on to analytics.

use api_types::{ProblemKind, paths};
use serde_json::Value;

use crate::support::Desk;

#[tokio::test]
async fn a_desk_that_can_answer_says_so_and_how_old_the_horizon_of_its_feed_is() {
    let desk = Desk::start().await;
    let live: Value = desk.user().get(paths::HEALTH_LIVE).send().await.read(200);
    assert_eq!(live["status"], "live");
    let ready: Value = desk.user().get(paths::HEALTH_READY).send().await.read(200);
    assert_eq!(ready["status"], "ready");
    assert!(ready["feed_horizon_age_seconds"].is_number(), "{ready}");
    assert!(ready["triage_model"].is_string(), "{ready}");
}

#[tokio::test]
async fn a_desk_without_its_database_is_alive_but_not_ready_and_tells_callers_to_come_back() {
    let server = Desk::server_on("postgres://nobody@127.0.0.1:9/nothing");
    let user = server.person(api_types::Role::User);
    assert_eq!(user.get(paths::HEALTH_LIVE).send().await.status, 200);
    for path in [paths::HEALTH_READY, paths::TICKETS] {
        let answer = user.get(path).send().await;
        let problem = answer.refused(ProblemKind::Unavailable);
        assert_eq!(answer.header("retry-after"), Some("1"));
        assert!(!problem.detail.contains("127.0.0.1"), "the cause is for the log: {problem}");
    }
}

#[tokio::test]
async fn metrics_name_the_pattern_of_a_path_and_never_what_a_caller_made_up() {
    let desk = Desk::start().await;
    // As `serve` does before it listens.
    drop(telemetry::render_metrics());
    let ticket = desk.report("It drips").await;
    desk.user().find(ticket.id).await;
    let made_up = "/api/v1/tickets/1/made-up-by-a-caller";
    desk.user().get(made_up).send().await.refused(ProblemKind::NotFound);
    let answer = desk.user().get(paths::METRICS).send().await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("text/plain")));
    assert!(answer.text.contains("/api/v1/tickets/{id}"), "{}", answer.text);
    assert!(!answer.text.contains("made-up"), "{}", answer.text);
}

#[tokio::test]
async fn analytics_that_is_away_is_a_problem_as_any_other() {
    let desk = Desk::start().await;
    let answer = desk.staff().get(paths::ANALYSES).send().await;
    answer.refused(ProblemKind::Unavailable);
    assert_eq!(answer.header("retry-after"), Some("1"));
}

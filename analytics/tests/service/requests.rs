//! What is asked wrongly, and by whom.

use analytics::{clock::Clock, config::ServeArgs, service::Service};
use api_types::{FieldCode, Problem, ProblemKind, headers, paths};
use chrono_tz::Tz;
use reqwest::{Method, Response};

use crate::fake_api::FakeApi;

/// The service, reading from `api`.
pub(crate) fn start(api: &FakeApi, clock: Clock, tz: Tz) -> Service {
    let args =
        ServeArgs { bind: "127.0.0.1:0".parse().unwrap(), api_url: api.url(), tz, poll_ms: 2 };
    Service::start(&args, clock).unwrap()
}

/// Asks as whoever `role` says; nobody if empty.
pub(crate) async fn ask(service: &Service, method: Method, path: &str, role: &str) -> Response {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = http.request(method, format!("http://{}{path}", service.address));
    if !role.is_empty() {
        request = request.header(headers::DESK_ROLE, role);
    }
    request.send().await.unwrap()
}

async fn problem(response: Response) -> Problem {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let id = response.headers()[headers::REQUEST_ID].to_str().unwrap().to_owned();
    let status = response.status().as_u16();
    let problem: Problem = response.json().await.unwrap();
    assert_eq!((problem.request_id.as_deref(), problem.status), (Some(&*id), status));
    problem
}

#[actix_web::test]
async fn only_staff_may_ask() {
    let api = FakeApi::start();
    let service = start(&api, Clock::system(), Tz::UTC);
    service
        .mirror
        .wait_until(|mirror| mirror.read(Clock::system().now(), |_, _| ()).is_some())
        .await;
    for path in [paths::ANALYSES.to_owned(), paths::analysis("open-in-period")] {
        for role in ["", "user"] {
            let refused = problem(ask(&service, Method::GET, &path, role).await).await;
            assert_eq!(refused.kind, ProblemKind::Forbidden, "{path} {role}");
        }
        for role in ["admin", "Staff", "staff,staff"] {
            let refused = problem(ask(&service, Method::GET, &path, role).await).await;
            assert_eq!(refused.kind, ProblemKind::InvalidRequest);
            assert_eq!(refused.fields[0].field, "Desk-Role");
        }
        assert_eq!(ask(&service, Method::GET, &path, "staff").await.status(), 200);
    }
    for path in [paths::HEALTH_LIVE, paths::HEALTH_READY, paths::METRICS] {
        assert_eq!(ask(&service, Method::GET, path, "").await.status(), 200, "{path}");
    }
    service.stop().await;
}

#[actix_web::test]
async fn a_parameter_that_does_not_fit_is_named() {
    let api = FakeApi::start();
    let service = start(&api, Clock::system(), Tz::UTC);
    for (query, field, code) in [
        ("open-in-period?last=99999999999d", "last", FieldCode::OutOfRange),
        ("open-in-period?last=0h", "last", FieldCode::OutOfRange),
        ("resolution-time-by-month?last=3661d", "last", FieldCode::OutOfRange),
        ("resolution-time-by-month?last=-1d", "last", FieldCode::InvalidFormat),
        ("open-in-period?last=", "last", FieldCode::InvalidFormat),
        ("open-in-period?last=7%00d", "last", FieldCode::InvalidFormat),
        ("open-in-period?last=%FF%FE", "last", FieldCode::InvalidFormat),
        ("open-in-period?last=7d&last=7d", "last", FieldCode::InvalidFormat),
        ("open-in-period?last=7d&first=7d", "first", FieldCode::Unknown),
        ("active-by-category?last=7d", "last", FieldCode::Unknown),
    ] {
        let path = paths::analysis(query);
        let refused = problem(ask(&service, Method::GET, &path, "staff").await).await;
        assert_eq!(refused.kind, ProblemKind::InvalidRequest, "{query}");
        assert_eq!((&*refused.fields[0].field, refused.fields[0].code), (field, code), "{query}");
        if code == FieldCode::OutOfRange {
            assert_eq!(refused.fields[0].params["min"], 1);
            assert_eq!(refused.fields[0].params["max"], 87_840);
        }
    }
    service.stop().await;
}

#[actix_web::test]
async fn unknown_paths_analyses_and_methods_are_problems_too() {
    let api = FakeApi::start();
    let service = start(&api, Clock::system(), Tz::UTC);
    for (method, path, kind) in [
        (Method::GET, "/", ProblemKind::NotFound),
        (Method::GET, "/analytics/v1/nothing", ProblemKind::NotFound),
        (Method::GET, "/analytics/v1/analyses/nothing", ProblemKind::NotFound),
        (Method::GET, "/analytics/v1/analyses/%FF", ProblemKind::NotFound),
        (Method::POST, paths::ANALYSES, ProblemKind::MethodNotAllowed),
        (Method::DELETE, paths::METRICS, ProblemKind::MethodNotAllowed),
    ] {
        let refused = problem(ask(&service, method, path, "staff").await).await;
        assert_eq!(refused.kind, kind, "{path}");
    }
    service.stop().await;
}

#[actix_web::test]
async fn before_the_feed_was_read_there_is_no_answer_yet() {
    let api = FakeApi::start();
    api.close_for_newcomers(true);
    let service = start(&api, Clock::system(), Tz::UTC);
    let analysis = paths::analysis("active-by-category");
    for path in [&analysis, paths::HEALTH_READY] {
        let response = ask(&service, Method::GET, path, "staff").await;
        assert_eq!(response.headers()["retry-after"], "1");
        assert_eq!(problem(response).await.kind, ProblemKind::Unavailable);
    }
    assert_eq!(ask(&service, Method::GET, paths::HEALTH_LIVE, "").await.status(), 200);
    assert_eq!(ask(&service, Method::GET, paths::ANALYSES, "staff").await.status(), 200);
    service.stop().await;
}

#[actix_web::test]
async fn a_port_that_is_taken_is_said_so() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let bind = taken.local_addr().unwrap();
    let args =
        ServeArgs { bind, api_url: "http://127.0.0.1:1".to_owned(), tz: Tz::UTC, poll_ms: 2 };
    let refusal = Service::start(&args, Clock::system()).unwrap_err().to_string();
    assert!(refusal.contains(&bind.to_string()) && refusal.contains("--bind"), "{refusal}");
}

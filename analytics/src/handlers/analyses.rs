//! What can be asked, and the answers.

use actix_web::web::{Data, Json, Path, Query};
use api_types::{Catalog, Chart, FieldCode, FieldProblem};

use super::{App, staff::Staff};
use crate::{
    analyses::{Analysis, Answer, Scope, Window, catalog},
    calendar::{Period, PeriodError},
    error::AppError,
    mirror::Freshness,
};

type Parameters = Query<Vec<(String, String)>>;

/// `GET /analytics/v1/analyses`
pub(crate) async fn list_analyses(
    _: Staff,
    parameters: Parameters,
) -> Result<Json<Catalog>, AppError> {
    refuse_all(&parameters)?;
    Ok(Json(catalog::describe_analyses()))
}

/// `GET /analytics/v1/analyses/{name}`
pub(crate) async fn find_answer(
    _: Staff,
    app: Data<App>,
    name: Path<String>,
    parameters: Parameters,
) -> Result<Json<Chart>, AppError> {
    let analysis = catalog::find_analysis(&name).ok_or_else(|| AppError::not_found("analysis"))?;
    let now = app.clock.now();
    let chart = match &analysis.scope {
        Scope::Now { answer } => {
            refuse_all(&parameters)?;
            app.mirror.read(now, |store, fresh| chart(analysis, &app, answer(store), fresh))
        }
        Scope::Outcomes { default, answer } => {
            let period = parse_last(&parameters, default)?;
            let window = Window { period, now, tz: app.tz };
            app.outcomes
                .read(now, |known, fresh| chart(analysis, &app, answer(known, &window), fresh))
        }
        Scope::Last { default, answer } => {
            let period = parse_last(&parameters, default)?;
            let window = Window { period, now, tz: app.tz };
            app.mirror
                .read(now, |store, fresh| chart(analysis, &app, answer(store, &window), fresh))
        }
    };
    chart.map(Json).ok_or_else(AppError::catching_up)
}

fn chart(analysis: &Analysis, app: &App, answer: Answer, fresh: Freshness) -> Chart {
    let Answer { x, y, series, totals } = answer;
    let Freshness { as_of, lag_seconds, stale } = fresh;
    Chart {
        analysis: analysis.name.to_owned(),
        title: analysis.title.to_owned(),
        definition: analysis.definition.to_owned(),
        tz: app.tz.name().to_owned(),
        x,
        y,
        series,
        totals,
        as_of,
        lag_seconds,
        stale,
    }
}

fn refuse_all(parameters: &[(String, String)]) -> Result<(), AppError> {
    parameters.first().map_or(Ok(()), |(name, _)| Err(unknown(name)))
}

fn unknown(name: &str) -> AppError {
    let message = "is not a parameter here";
    AppError::invalid_request(FieldProblem::new(name, FieldCode::Unknown, message))
}

/// The period in `last`, or the default of the analysis.
fn parse_last(parameters: &[(String, String)], default: &str) -> Result<Period, AppError> {
    if let Some((name, _)) = parameters.iter().find(|(name, _)| name != "last") {
        return Err(unknown(name));
    }
    let raw = match parameters {
        [] => default,
        [(_, raw)] => raw,
        _ => return Err(invalid_last("is given more than once")),
    };
    raw.parse().map_err(|e| match e {
        PeriodError::Form => {
            invalid_last("must be a whole number of hours or days, such as 36h or 7d")
        }
        PeriodError::Range => AppError::invalid_request(
            FieldProblem::new("last", FieldCode::OutOfRange, "must lie between 1h and 3660d")
                .with_param("min", i64::from(Period::MIN_HOURS))
                .with_param("max", i64::from(Period::MAX_HOURS)),
        ),
    })
}

fn invalid_last(message: &str) -> AppError {
    AppError::invalid_request(FieldProblem::new("last", FieldCode::InvalidFormat, message))
}

//! Models of the classifier: published, chosen, listed.

use actix_web::{HttpResponse, web};
use api_types::{FieldCode, FieldProblem, Page, TriageModel};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};
use triage::{Model, file::ModelFile};

use super::answer::Answer;
use crate::{
    app::App,
    db::queries,
    error::AppError,
    extract::{Body, Nothing, Params, ServiceOnly, StaffOnly},
};

/// List the models: the program's own first, then those that were published, newest first, a hundred at most.
#[utoipa::path(get, path = "/api/v1/triage/model", tag = "triage",
    responses((status = 200, body = Page<TriageModel>)))]
pub(crate) async fn list_models(
    app: web::Data<App>,
    StaffOnly(_): StaffOnly,
    _: Params<Nothing>,
) -> Answer {
    let mut conn = app.db().await?;
    let own = Model::shipped().version();
    let active = queries::triage_model::find_active_version(&mut conn).await?;
    let active = active.as_deref().unwrap_or(own);
    let published = queries::triage_model::list_models(&mut conn).await?;
    let published = published.into_iter().filter(|(version, _)| version != own);
    let items = std::iter::once((own.to_owned(), None))
        .chain(published.map(|(version, at)| (version, Some(at))))
        .map(|(version, published_at)| TriageModel {
            active: version == active,
            version,
            published_at,
        })
        .collect();
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

/// Publish a model: it is kept, and every process classifies with it within two seconds.
#[utoipa::path(put, path = "/api/v1/triage/model", tag = "triage",
    request_body(content = serde_json::Value, description = "A model file as `campusdesk-analytics train` writes it, at most 2 MiB"),
    responses((status = 200, body = TriageModel)))]
pub(crate) async fn publish_model(
    app: web::Data<App>,
    _: ServiceOnly,
    Body(file): Body<ModelFile>,
) -> Answer {
    let (version, bytes, model) = web::block(move || parse_model(&file))
        .await
        .map_err(|error| AppError::Internal(error.to_string()))??;
    let mut conn = app.db().await?;
    conn.transaction(async |conn| -> Result<(), AppError> {
        queries::triage_model::keep_model(conn, &version, &bytes).await?;
        Ok(queries::triage_model::activate_model(conn, &version).await?)
    })
    .await?;
    app.classifier().switch(model);
    answer_active(&mut conn, &version).await
}

/// Go back, or forth, to a model that is kept or is the program's own.
#[utoipa::path(post, path = "/api/v1/triage/model/{version}/activate", tag = "triage",
    params(("version" = String, Path)), responses((status = 200, body = TriageModel)))]
pub(crate) async fn activate_model(
    app: web::Data<App>,
    _: ServiceOnly,
    version: web::Path<String>,
    _: Params<Nothing>,
) -> Answer {
    let mut conn = app.db().await?;
    if *version == Model::shipped().version() {
        queries::triage_model::keep_model(&mut conn, &version, Model::shipped_file()).await?;
    }
    let file = queries::triage_model::find_file(&mut conn, &version).await?;
    let file = file.ok_or_else(|| AppError::not_found("model"))?;
    let model = Model::parse(&file).map_err(|error| AppError::Internal(error.to_string()))?;
    queries::triage_model::activate_model(&mut conn, &version).await?;
    app.classifier().switch(model);
    answer_active(&mut conn, &version).await
}

/// The file as this program writes it, and the model that it is.
fn parse_model(file: &ModelFile) -> Result<(String, Vec<u8>, Model), FieldProblem> {
    let bad =
        |field: &str, message: String| FieldProblem::new(field, FieldCode::InvalidFormat, message);
    let version = file.hash();
    if file.version != version {
        return Err(bad("version", format!("is not the hash of the rest, which is {version}")));
    }
    let bytes = file.to_bytes();
    let model = Model::parse(&bytes).map_err(|error| bad("body", error.to_string()))?;
    Ok((version, bytes, model))
}

async fn answer_active(conn: &mut AsyncPgConnection, version: &str) -> Answer {
    let models = queries::triage_model::list_models(conn).await?;
    let published_at = models.into_iter().find(|(known, _)| known == version).map(|(_, at)| at);
    let version = version.to_owned();
    Ok(HttpResponse::Ok().json(TriageModel { version, active: true, published_at }))
}

//! The roster.

use actix_web::{HttpResponse, web};
use api_types::{NewStaff, Page, Problem, Staff, StaffEdit, StaffId, paths};

use diesel_async::AsyncPgConnection;
use uuid::Uuid;

use super::answer::{Answer, created};
use crate::{
    app::App,
    convert,
    db::queries::{self, staff::StaffUpdate},
    domain::text::Name,
    error::AppError,
    extract::{Anyone, Body, IdempotencyKey, Nothing, Params, StaffOnly},
    idempotency,
    rate_limit::WithinLimits,
};

/// Read the roster: staff choose themselves from it at the door.
#[utoipa::path(get, path = "/api/v1/staff", tag = "staff", responses((status = 200, body = Page<Staff>)))]
pub(crate) async fn list_staff(
    app: web::Data<App>,
    Anyone(_): Anyone,
    _: Params<Nothing>,
) -> Answer {
    let rows = queries::staff::list_staff(&mut *app.db().await?).await?;
    let items: Vec<Staff> = rows.into_iter().map(convert::staff).collect();
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

/// Add a member.
#[utoipa::path(post, path = "/api/v1/staff", tag = "staff", request_body = NewStaff,
    params(("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "Makes the request safe to repeat")),
    responses((status = 201, body = Staff), (status = 409, body = Problem)))]
pub(crate) async fn create_staff(
    app: web::Data<App>,
    _limits: WithinLimits,
    StaffOnly(caller): StaffOnly,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<NewStaff>,
) -> Answer {
    let name = Name::parse(&body.name)?;
    let idempotency = idempotency::fingerprint(key, "staff", &body, &caller)?;
    let mut conn = app.db().await?;
    // Looked up first: the repeated name would meet `staff_name_key` before its own key.
    if let Some(answer) = replay(&mut conn, idempotency.as_ref()).await? {
        return Ok(answer);
    }
    let made = queries::staff::create_staff(&mut conn, name.as_str(), idempotency.clone()).await;
    if let Ok(Some(row)) = made {
        return Ok(created(paths::staff_member(row.id), None, false, &convert::staff(row)));
    }
    // The first try with this key was committed in between; which of its two unique columns was met is chance.
    if let Some(answer) = replay(&mut conn, idempotency.as_ref()).await? {
        return Ok(answer);
    }
    made?;
    Err(AppError::Unavailable("the first request with this key was undone".into()))
}

/// The answer that the first request with this key got.
async fn replay(
    conn: &mut AsyncPgConnection,
    idempotency: Option<&(Uuid, Vec<u8>)>,
) -> Result<Option<HttpResponse>, AppError> {
    let Some((key, hash)) = idempotency else { return Ok(None) };
    let Some((row, stored)) = queries::staff::find_by_key(conn, *key).await? else {
        return Ok(None);
    };
    idempotency::check_same(hash, stored.as_deref())?;
    Ok(Some(created(paths::staff_member(row.id), None, true, &convert::staff(row))))
}

/// Rename, deactivate or reactivate a member.
#[utoipa::path(patch, path = "/api/v1/staff/{id}", tag = "staff", request_body = StaffEdit,
    params(("id" = i64, Path)), responses((status = 200, body = Staff), (status = 409, body = Problem)))]
pub(crate) async fn edit_staff(
    app: web::Data<App>,
    StaffOnly(_): StaffOnly,
    id: web::Path<StaffId>,
    Body(edit): Body<StaffEdit>,
) -> Answer {
    let name = edit.name.as_deref().map(Name::parse).transpose()?.map(Name::into_string);
    let mut conn = app.db().await?;
    let update = StaffUpdate { name, active: edit.active };
    let row = if update.name.is_none() && update.active.is_none() {
        queries::staff::find_staff(&mut conn, *id).await?
    } else {
        queries::staff::update_staff(&mut conn, *id, &update).await?
    };
    let row = row.ok_or_else(|| AppError::not_found("staff member"))?;
    Ok(HttpResponse::Ok().json(convert::staff(row)))
}

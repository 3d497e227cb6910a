//! The knowledge base: read by all, written by staff.

use actix_web::{HttpResponse, http::header, web};
use api_types::{
    Article, ArticleEdit, ArticleEntry, ArticleId, FieldCode, FieldProblem, NewArticle, Page,
    PageQuery, Problem, ProblemKind, Role, TicketId, Vote, limits, paths,
};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};

use super::{
    answer::{Answer, created, etag, page, parse_page},
    change::check_seen,
};
use crate::{
    app::App,
    convert,
    db::{
        queries::{self, article::ArticleUpdate},
        rows,
    },
    domain::{
        caller::Caller,
        text::{ArticleBody, Title},
    },
    error::AppError,
    extract::{Anyone, Body, IdempotencyKey, IfMatch, Nothing, Params, StaffOnly},
    idempotency,
    rate_limit::WithinLimits,
};

/// List articles, drafts for staff alone.
#[utoipa::path(get, path = "/api/v1/articles", tag = "articles", params(PageQuery),
    responses((status = 200, body = Page<ArticleEntry>)))]
pub(crate) async fn list_articles(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    Params(query): Params<PageQuery>,
) -> Answer {
    let (limit, after) = parse_page(&query, limits::PAGE_MAX)?;
    let mut conn = app.db().await?;
    let drafts = caller.role == Role::Staff;
    let wanted = i64::from(limit) + 1;
    let rows =
        queries::article::list_articles(&mut conn, drafts, after.unwrap_or(0), wanted).await?;
    let entries = rows.into_iter().map(convert::article_entry).collect();
    Ok(HttpResponse::Ok().json(page(entries, limit, |last: &ArticleEntry| last.id.to_string())))
}

/// Read an article.
#[utoipa::path(get, path = "/api/v1/articles/{id}", tag = "articles", params(("id" = i64, Path)),
    responses((status = 200, body = Article), (status = 404, body = Problem)))]
pub(crate) async fn find_article(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    id: web::Path<ArticleId>,
    _: Params<Nothing>,
) -> Answer {
    let row = queries::article::find_article(&mut *app.db().await?, *id).await?;
    Ok(article_answer(visible(row, &caller)?, caller.role))
}

/// Write an article.
#[utoipa::path(post, path = "/api/v1/articles", tag = "articles", request_body = NewArticle,
    params(("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "Makes the request safe to repeat")),
    responses((status = 201, body = Article)))]
pub(crate) async fn create_article(
    app: web::Data<App>,
    _limits: WithinLimits,
    StaffOnly(caller): StaffOnly,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<NewArticle>,
) -> Answer {
    let idempotency = idempotency::fingerprint(key, "article", &body, &caller)?;
    let new = parse_article(body, &caller, idempotency.clone())?;
    let mut conn = app.db().await?;
    check_source(&mut conn, new.from_ticket).await?;
    let (row, replayed) = match queries::article::create_article(&mut conn, new).await? {
        Some(row) => (row, false),
        None => (first_answer(&mut conn, idempotency).await?, true),
    };
    let version = Some(row.version);
    let article = convert::article(row, caller.role);
    Ok(created(paths::article(article.id), version, replayed, &article))
}

fn parse_article(
    body: NewArticle,
    caller: &Caller,
    idempotency: Option<(uuid::Uuid, Vec<u8>)>,
) -> Result<queries::article::NewArticle, Vec<FieldProblem>> {
    let (title, text) = match (Title::parse(&body.title), ArticleBody::parse(&body.body)) {
        (Ok(title), Ok(text)) => (title, text),
        (title, text) => return Err([title.err(), text.err()].into_iter().flatten().collect()),
    };
    Ok(queries::article::NewArticle {
        title: title.into_string(),
        body: text.into_string(),
        category: body.category,
        published: body.published,
        from_ticket: body.from_ticket,
        author_name: caller.name(),
        idempotency,
    })
}

/// The article that the first request with this key wrote, as it is now.
async fn first_answer(
    conn: &mut AsyncPgConnection,
    idempotency: Option<(uuid::Uuid, Vec<u8>)>,
) -> Result<rows::Article, AppError> {
    let Some((key, hash)) = idempotency else {
        return Err(AppError::Internal("an article without a key met a conflict".into()));
    };
    let first = queries::article::find_by_key(conn, key).await?;
    let (row, stored) = first.ok_or_else(|| {
        AppError::Unavailable("the first request with this key was undone".into())
    })?;
    idempotency::check_same(&hash, stored.as_deref())?;
    Ok(row)
}

async fn check_source(
    conn: &mut AsyncPgConnection,
    ticket: Option<TicketId>,
) -> Result<(), AppError> {
    let Some(ticket) = ticket else { return Ok(()) };
    if queries::ticket::find_ticket(conn, ticket).await?.is_some() {
        return Ok(());
    }
    Err(FieldProblem::new("from_ticket", FieldCode::NotFound, "is no ticket").into())
}

/// Change an article.
#[utoipa::path(patch, path = "/api/v1/articles/{id}", tag = "articles", request_body = ArticleEdit,
    params(("id" = i64, Path), ("If-Match" = String, Header, description = "The ETag you saw")),
    responses((status = 200, body = Article), (status = 412, body = Problem)))]
pub(crate) async fn edit_article(
    app: web::Data<App>,
    StaffOnly(caller): StaffOnly,
    id: web::Path<ArticleId>,
    IfMatch(seen): IfMatch,
    Body(edit): Body<ArticleEdit>,
) -> Answer {
    let update = ArticleUpdate {
        title: edit.title.as_deref().map(Title::parse).transpose()?.map(Title::into_string),
        body: edit
            .body
            .as_deref()
            .map(ArticleBody::parse)
            .transpose()?
            .map(ArticleBody::into_string),
        category: edit.category,
        published: edit.published,
    };
    let changes = edit != ArticleEdit::default();
    let mut conn = app.db().await?;
    let row = conn
        .transaction(async |conn| -> Result<rows::Article, AppError> {
            let row = visible(queries::article::lock_article(conn, *id).await?, &caller)?;
            check_seen(seen, row.version, || stale(row.version))?;
            if !changes {
                return Ok(row);
            }
            Ok(queries::article::update_article(conn, *id, &update).await?)
        })
        .await?;
    Ok(article_answer(row, caller.role))
}

fn stale(version: i64) -> AppError {
    AppError::new(ProblemKind::Stale, format!("The article is at version {version} by now."))
}

/// Say whether an article helped; the last word of a browser counts.
#[utoipa::path(put, path = "/api/v1/articles/{id}/vote", tag = "articles", request_body = Vote,
    params(("id" = i64, Path)), responses((status = 200, body = Article), (status = 404, body = Problem)))]
pub(crate) async fn vote(
    app: web::Data<App>,
    _limits: WithinLimits,
    Anyone(caller): Anyone,
    id: web::Path<ArticleId>,
    Body(Vote { helpful }): Body<Vote>,
) -> Answer {
    let client = caller.need_client().map_err(AppError::invalid_request)?;
    let mut conn = app.db().await?;
    visible(queries::article::find_article(&mut conn, *id).await?, &caller)?;
    queries::article::vote(&mut conn, *id, client, helpful).await?;
    let row = queries::article::find_article(&mut conn, *id).await?;
    Ok(article_answer(visible(row, &caller)?, caller.role))
}

/// Drafts do not exist for users.
fn visible(row: Option<rows::Article>, caller: &Caller) -> Result<rows::Article, AppError> {
    row.filter(|row| row.published || caller.role == Role::Staff)
        .ok_or_else(|| AppError::not_found("article"))
}

fn article_answer(row: rows::Article, role: Role) -> HttpResponse {
    let version = etag(row.version);
    HttpResponse::Ok().insert_header((header::ETAG, version)).json(convert::article(row, role))
}

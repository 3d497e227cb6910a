//! The knowledge base.

use api_types::{ArticleId, Category, TicketId};
use diesel::{
    AsChangeset, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, QueryResult,
    SelectableHelper as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use crate::db::{
    rows,
    schema::{article_votes, articles},
};

/// An article, ready to be stored.
#[derive(Debug, Clone)]
pub struct NewArticle {
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// Which desk it belongs to.
    pub category: Category,
    /// Whether everyone may read it.
    pub published: bool,
    /// The ticket it is made from.
    pub from_ticket: Option<TicketId>,
    /// Who writes it.
    pub author_name: Option<String>,
    /// Makes the request safe to repeat.
    pub idempotency: Option<(Uuid, Vec<u8>)>,
}

/// Stores an article; `None` if one with this idempotency key is there already.
///
/// # Errors
/// If the database refuses.
pub async fn create_article(
    conn: &mut AsyncPgConnection,
    new: NewArticle,
) -> QueryResult<Option<rows::Article>> {
    let (key, hash) = new.idempotency.unzip();
    diesel::insert_into(articles::table)
        .values((
            articles::title.eq(new.title),
            articles::body.eq(new.body),
            articles::category.eq(new.category.as_str()),
            articles::published.eq(new.published),
            articles::from_ticket.eq(new.from_ticket.map(|ticket| ticket.0)),
            articles::author_name.eq(new.author_name),
            articles::idempotency_key.eq(key),
            articles::idempotency_hash.eq(hash),
        ))
        .on_conflict(articles::idempotency_key)
        .do_nothing()
        .returning(rows::Article::as_returning())
        .get_result(conn)
        .await
        .optional()
}

/// The article that a repeated request made before, with the hash of that request.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_by_key(
    conn: &mut AsyncPgConnection,
    key: Uuid,
) -> QueryResult<Option<(rows::Article, Option<Vec<u8>>)>> {
    articles::table
        .filter(articles::idempotency_key.eq(key))
        .select((rows::Article::as_select(), articles::idempotency_hash))
        .first(conn)
        .await
        .optional()
}

/// One article.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_article(
    conn: &mut AsyncPgConnection,
    id: ArticleId,
) -> QueryResult<Option<rows::Article>> {
    articles::table.find(id.0).select(rows::Article::as_select()).first(conn).await.optional()
}

/// One article, locked until the transaction ends.
///
/// # Errors
/// If the database cannot answer, or another transaction holds it for longer than `lock_timeout`.
pub async fn lock_article(
    conn: &mut AsyncPgConnection,
    id: ArticleId,
) -> QueryResult<Option<rows::Article>> {
    articles::table
        .find(id.0)
        .select(rows::Article::as_select())
        .for_update()
        .first(conn)
        .await
        .optional()
}

/// Articles after a number, in the order they were written; without drafts unless asked for.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_articles(
    conn: &mut AsyncPgConnection,
    with_drafts: bool,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<rows::ArticleEntry>> {
    let mut query = articles::table
        .filter(articles::id.gt(after))
        .order(articles::id)
        .limit(limit)
        .select(rows::ArticleEntry::as_select())
        .into_boxed();
    if !with_drafts {
        query = query.filter(articles::published);
    }
    query.load(conn).await
}

/// New values; `None` leaves a column alone. Version and `modified_at` follow by themselves.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = articles)]
pub struct ArticleUpdate {
    /// The title.
    pub title: Option<String>,
    /// The text.
    pub body: Option<String>,
    /// Which desk it belongs to.
    pub category: Option<Category>,
    /// Whether everyone may read it.
    pub published: Option<bool>,
}

/// Changes an article.
///
/// # Errors
/// If the database refuses.
pub async fn update_article(
    conn: &mut AsyncPgConnection,
    id: ArticleId,
    update: &ArticleUpdate,
) -> QueryResult<rows::Article> {
    diesel::update(articles::table.find(id.0))
        .set(update)
        .returning(rows::Article::as_returning())
        .get_result(conn)
        .await
}

/// Remembers whether an article helped a browser; its last word counts. The database keeps the sums.
///
/// # Errors
/// If the database refuses.
pub async fn vote(
    conn: &mut AsyncPgConnection,
    id: ArticleId,
    client: Uuid,
    helpful: bool,
) -> QueryResult<()> {
    diesel::insert_into(article_votes::table)
        .values((
            article_votes::article_id.eq(id.0),
            article_votes::client.eq(client),
            article_votes::helpful.eq(helpful),
        ))
        .on_conflict((article_votes::article_id, article_votes::client))
        .do_update()
        .set(article_votes::helpful.eq(helpful))
        .execute(conn)
        .await
        .map(drop)
}

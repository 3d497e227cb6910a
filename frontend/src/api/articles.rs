//! The knowledge base.

use api_types::{
    Article, ArticleEdit, ArticleEntry, ArticleId, Page, Vote, headers::IDEMPOTENCY_KEY, paths,
};
use gloo_net::http::Request;

use super::{
    send::{Who, send, send_page, to_json},
    tickets::matched,
};
use crate::failure::Failure;

/// All articles that one may see.
pub(crate) async fn list_articles(who: &Who) -> Result<Vec<ArticleEntry>, Failure> {
    let (mut articles, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let after = cursor.as_deref().map(|cursor| ("cursor", cursor));
        let request = Request::get(paths::ARTICLES).query([("limit", "100")]).query(after);
        let page: Page<ArticleEntry> = send_page(request, who, None).await?;
        articles.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return Ok(articles);
        }
    }
}

/// One article.
pub(crate) async fn find_article(who: &Who, id: ArticleId) -> Result<Article, Failure> {
    send(Request::get(&paths::article(id)), who, None).await
}

/// Writes an article. The body is the JSON that was frozen with the key.
pub(crate) async fn create_article(who: &Who, key: &str, body: String) -> Result<Article, Failure> {
    send(Request::post(paths::ARTICLES).header(IDEMPOTENCY_KEY, key), who, Some(body)).await
}

/// Changes an article that was seen at `version`.
pub(crate) async fn edit_article(
    who: &Who,
    id: ArticleId,
    version: i64,
    edit: &ArticleEdit,
) -> Result<Article, Failure> {
    send(matched(Request::patch(&paths::article(id)), version), who, to_json(edit)).await
}

/// Says whether an article helped.
pub(crate) async fn vote(who: &Who, id: ArticleId, helpful: bool) -> Result<Article, Failure> {
    send(Request::put(&paths::vote(id)), who, to_json(&Vote { helpful })).await
}

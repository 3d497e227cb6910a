//! Articles.

use api_types::{Article, ArticleEntry, Role};

use crate::db::rows;

/// An article as a role may see it.
pub(crate) fn article(row: rows::Article, role: Role) -> Article {
    Article {
        id: row.id,
        title: row.title,
        body: row.body,
        category: row.category,
        published: row.published,
        // It may be closed, which users do not hear of.
        from_ticket: row.from_ticket.filter(|_| role == Role::Staff),
        created_at: row.created_at,
        modified_at: row.modified_at,
        version: row.version,
        helpful: row.helpful,
        unhelpful: row.unhelpful,
    }
}

/// An article in a list.
pub(crate) fn article_entry(row: rows::ArticleEntry) -> ArticleEntry {
    ArticleEntry {
        id: row.id,
        title: row.title,
        category: row.category,
        published: row.published,
        modified_at: row.modified_at,
        helpful: row.helpful,
        unhelpful: row.unhelpful,
    }
}

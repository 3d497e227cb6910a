//! What a search found.

use api_types::{Facets, Fragment, HitKind, SearchHit, SimilarHit, Summary};

use crate::db::{
    queries::search::{Found, HIT_END, HIT_START},
    rows,
};

/// A ticket in its own sentences.
pub(crate) fn summary(row: rows::Summary) -> Summary {
    Summary { reported: row.reported, done: row.done, now: row.now }
}

/// A ticket.
pub(crate) fn ticket_hit(row: Found) -> SearchHit {
    let [reported, done, now] = row.summary;
    let summary = Some(Summary { reported, done, now });
    SearchHit {
        kind: HitKind::Ticket,
        id: row.id,
        title: row.title,
        snippet: fragments(&row.snippet),
        status: row.status,
        category: row.category,
        location: row.location,
        affected: row.affected,
        modified_at: row.modified_at,
        summary,
    }
}

/// An article.
pub(crate) fn article_hit(row: Found) -> SearchHit {
    SearchHit { kind: HitKind::Article, summary: None, ..ticket_hit(row) }
}

/// The same, beside a report that is being written.
pub(crate) fn similar_hit(hit: SearchHit) -> SimilarHit {
    let SearchHit { kind, id, title, status, location, affected, .. } = hit;
    SimilarHit { kind, id, title, status, location, affected }
}

/// A ticket with nearly the same photo.
pub(crate) fn similar_ticket(row: rows::Ticket) -> SimilarHit {
    SimilarHit {
        kind: HitKind::Ticket,
        id: row.id.0,
        title: row.title,
        status: Some(row.status),
        location: row.location,
        affected: row.affected,
    }
}

/// Counts of open, active, closed, facility, it, services.
pub(crate) fn facets([open, active, closed, facility, it, services]: [i64; 6]) -> Facets {
    Facets { open, active, closed, facility, it, services }
}

fn fragments(marked: &str) -> Vec<Fragment> {
    let mut fragments = Vec::new();
    for piece in marked.split_inclusive([HIT_START, HIT_END]) {
        let hit = piece.ends_with(HIT_END);
        let text = piece.trim_end_matches([HIT_START, HIT_END]);
        if !text.is_empty() {
            fragments.push(Fragment { text: text.to_owned(), hit });
        }
    }
    fragments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marked_text_comes_apart_into_plain_pieces() {
        let pieces = fragments("the \u{2}lamp\u{3} of <b>");
        let shown: Vec<_> = pieces.iter().map(|piece| (piece.text.as_str(), piece.hit)).collect();
        assert_eq!(shown, [("the ", false), ("lamp", true), (" of <b>", false)]);
        assert_eq!(fragments("").len(), 0);
    }
}

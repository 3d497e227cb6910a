//! What staff decided on a running desk, as rows to learn from.

use std::collections::{BTreeMap, BTreeSet};

use api_client::{Client, ClientError};
use api_types::{Category, CategoryBy, limits};
use chrono::{DateTime, Datelike as _, Utc};
use serde::Deserialize;
use triage::{
    CATEGORIES, text_of_ticket,
    tokenizer::{Words, hash_term},
};

use super::corpus::Row;

/// So many tickets are learnt from at most.
pub const MOST_TICKETS: usize = 10_000;
/// What is left of a text that was overwritten for good.
const REDACTED: &str = "[redacted]";

/// A ticket whose category staff decided.
#[derive(Debug, Clone)]
pub struct Decided {
    /// Its texts and its category.
    pub row: Row,
    /// When it last changed: a model published before cannot have learnt from it.
    pub modified_at: DateTime<Utc>,
}

/// A ticket of the feed, as far as it is learnt from.
#[derive(Debug, Deserialize)]
struct FeedTicket {
    id: i64,
    title: String,
    description: String,
    category: Category,
    category_by: CategoryBy,
    #[serde(with = "api_types::instant")]
    opened_at: DateTime<Utc>,
    #[serde(with = "api_types::instant")]
    modified_at: DateTime<Utc>,
    merged_into: Option<i64>,
}

/// Tickets of one category reported in one month, by the hash of their number: any first few of them are a fair choice, and
/// the same one every time.
type Bucket = BTreeMap<u64, Decided>;

/// Reads the whole feed and keeps at most [`MOST_TICKETS`] that staff decided, evenly by category and by month of report.
/// Tickets of the same words count once.
///
/// # Errors
/// Where the feed cannot be read to its end.
pub async fn read_decided(client: &Client) -> Result<Vec<Decided>, ClientError> {
    let mut buckets: BTreeMap<(Category, i32, u32), Bucket> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut after = None;
    loop {
        let page = client.changes::<FeedTicket>(after.as_deref(), limits::FEED_PAGE_MAX).await?;
        let is_last = page.items.len() < limits::FEED_PAGE_MAX as usize;
        for ticket in page.items {
            let is_whole = ticket.merged_into.is_none() && ticket.description != REDACTED;
            if ticket.category_by != CategoryBy::Staff || !is_whole {
                continue;
            }
            let text = text_of_ticket(&ticket.title, &ticket.description).into_owned();
            if !seen.insert((ticket.category, hash_of_words(&text))) {
                continue;
            }
            let month = (ticket.category, ticket.opened_at.year(), ticket.opened_at.month());
            let bucket = buckets.entry(month).or_default();
            let decided =
                Decided { row: Row::new(text, ticket.category), modified_at: ticket.modified_at };
            bucket.insert(hash_term(&ticket.id.to_string()), decided);
            if bucket.len() > MOST_TICKETS / CATEGORIES.len() {
                bucket.pop_last();
            }
        }
        if is_last {
            return Ok(choose(buckets));
        }
        after = Some(page.next);
    }
}

/// The same for texts that differ in case, order and punctuation alone.
fn hash_of_words(text: &str) -> u64 {
    let words = Words::of(text);
    let words: BTreeSet<&str> = words.iter().collect();
    hash_term(&words.into_iter().collect::<Vec<_>>().join(" "))
}

/// A third for each category, and of that the same for each month as far as it has so many.
fn choose(buckets: BTreeMap<(Category, i32, u32), Bucket>) -> Vec<Decided> {
    let mut chosen = Vec::new();
    for category in CATEGORIES {
        let mut months: Vec<&Bucket> = buckets
            .iter()
            .filter(|((of, ..), _)| *of == category)
            .map(|(_, month)| month)
            .collect();
        months.sort_by_key(|month| month.len());
        let mut left = MOST_TICKETS / CATEGORIES.len();
        for (at, month) in months.iter().enumerate() {
            // What a small month leaves goes to the larger ones after it.
            let share = left.div_ceil(months.len() - at).min(left);
            let taken = month.values().take(share).cloned();
            left -= share.min(month.len());
            chosen.extend(taken);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(category: Category, tickets: u64) -> Bucket {
        let decided = |n| Decided {
            row: Row::new(format!("{n}"), category),
            modified_at: DateTime::UNIX_EPOCH,
        };
        (0..tickets).map(|n| (n, decided(n))).collect()
    }

    #[test]
    fn each_category_has_its_third_and_each_month_its_share_of_that() {
        let buckets = BTreeMap::from([
            ((Category::It, 2026, 1), bucket(Category::It, 3_000)),
            ((Category::It, 2026, 2), bucket(Category::It, 100)),
            ((Category::It, 2026, 3), bucket(Category::It, 2_500)),
            ((Category::Services, 2026, 1), bucket(Category::Services, 40)),
        ]);
        let chosen = choose(buckets);
        let count = |of| chosen.iter().filter(|one| one.row.category == of).count();
        assert_eq!((count(Category::It), count(Category::Services)), (3_333, 40));
        assert_eq!(chosen.iter().filter(|one| one.row.text == "2000").count(), 0);
        assert_eq!(chosen.iter().filter(|one| one.row.text == "1500").count(), 2);
    }

    #[test]
    fn the_same_words_in_another_order_are_the_same() {
        assert_eq!(hash_of_words("The WIFI is down!"), hash_of_words("down is the wifi"));
        assert_ne!(hash_of_words("wifi down"), hash_of_words("wifi up"));
    }
}

//! What the desk knows of words: which are left out, which are common, and how far apart the tickets may be that have them.

use api_types::Role;
use backend::db::queries::search::know_terms;
use diesel_async::{AsyncConnection as _, AsyncPgConnection};
use serde_json::json;

use super::find;
use crate::support::Desk;

#[tokio::test]
async fn tickets_are_found_however_far_apart_their_numbers_are() {
    let desk = Desk::start().await;
    let insert = "INSERT INTO tickets (id, title, description, category, category_by) SELECT id, 'Lamp', 'It flickers', 'it', 'staff' \
                  FROM unnest(ARRAY[1, 40000, 9007199254740991]) id";
    desk.sql().await.batch_execute(insert).await.unwrap();
    for person in [desk.user(), desk.staff()] {
        assert_eq!(find(&person, "lamp").await, [1, 40_000, 9_007_199_254_740_991]);
    }
}

#[tokio::test]
async fn a_word_whose_stem_is_longer_than_itself_is_reported_like_any_other() {
    let desk = Desk::start().await;
    // One sign, which the Arabic stemmer reads as two letters.
    let long = "\u{fefb}".repeat(16);
    let text = format!("الطابعة {long} لا تعمل");
    let ticket = desk.user().report(json!({ "title": text, "description": text })).await;
    desk.user().write(ticket.id, json!({ "body": text })).await;
    desk.staff().write(ticket.id, json!({ "body": text, "internal": true })).await;
    desk.staff().publish(&text, &text).await;
    assert_eq!(find(&desk.user(), "طابعة").await, [ticket.id.0]);
    assert_eq!(find(&desk.user(), &long).await, [ticket.id.0]);
}

#[tokio::test]
async fn a_word_is_common_in_whichever_language_it_is() {
    let desk = Desk::start().await;
    let insert = "INSERT INTO tickets (title, description, category, category_by) \
                  SELECT 'Lamp ' || n, CASE n % 3 WHEN 0 THEN 'الطابعة في المكتبة لا تعمل' \
                  WHEN 1 THEN 'Die Heizung im Flur ist kalt und kaputt' ELSE 'Printers jammed' END, 'it', 'staff' \
                  FROM generate_series(1, 300) n; ANALYZE";
    desk.sql().await.batch_execute(insert).await.unwrap();
    let mut conn = AsyncPgConnection::establish(desk.database.url()).await.unwrap();
    let words = ["الطابعة", "Heizungen", "printing", "zanzibar"].map(str::to_owned).to_vec();
    let known = know_terms(&mut conn, Role::User, words, Vec::new(), Vec::new()).await.unwrap();
    let shares: Vec<_> = known.iter().map(|term| term.share.map(|share| share > 0.3)).collect();
    assert_eq!(shares, [Some(true), Some(true), None, None]);
}

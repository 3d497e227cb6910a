//! What comes first, what is called partial, and how much was weighed.

use api_types::SearchResult;
use serde_json::json;

use super::numbers;
use crate::support::Desk;

/// A ticket with both words deep in its thread, and one with one of them in its title: #1 and #2.
async fn both_and_one(desk: &Desk) {
    let both = desk.report("Something is broken in the hall").await;
    let thread = format!("{} radiator lamp", "It was never like this before. ".repeat(40));
    desk.user().write(both.id, json!({ "body": thread })).await;
    let one = json!({ "title": "Lamp", "description": "Lamp", "category": "services" });
    desk.user().report(one).await;
}

#[tokio::test]
async fn what_has_only_some_of_the_words_comes_after_what_has_all() {
    let desk = Desk::start().await;
    both_and_one(&desk).await;
    for person in [desk.user(), desk.staff()] {
        let result = person.search("radiator lamp").await;
        assert_eq!((numbers(&result), result.partial), (vec![1, 2], false));
    }
}

#[tokio::test]
async fn a_result_is_partial_only_if_nothing_has_every_word_wherever_it_is_narrowed_to() {
    let desk = Desk::start().await;
    both_and_one(&desk).await;
    for (q, rest, found, partial) in [
        ("radiator lamp", "&category=services", vec![2], false),
        ("radiator lamp", "&status=open", vec![1, 2], false),
        ("radiator lamp", "&status=active", vec![], false),
        ("radiator lamp banana", "", vec![2, 1], true),
        ("radiator lamp banana", "&category=services", vec![2], true),
    ] {
        let result: SearchResult = desk.user().ask(q, rest).send().await.read(200);
        assert_eq!((numbers(&result), result.partial), (found, partial), "{q}{rest}");
    }
    desk.staff().publish("Lamp and banana", "Beside the radiator").await;
    let result: SearchResult =
        desk.user().ask("radiator lamp banana", "&status=open").send().await.read(200);
    assert!(!result.partial, "an article has every word");
}

#[tokio::test]
async fn a_ticket_that_is_named_is_shown_only_where_the_search_is_narrowed_to_it() {
    let desk = Desk::start().await;
    both_and_one(&desk).await;
    for (rest, found) in [
        ("", vec![2]),
        ("&status=open", vec![2]),
        ("&status=active", vec![]),
        ("&category=services", vec![2]),
        ("&category=it", vec![]),
        ("&category=services&status=active", vec![]),
    ] {
        let result: SearchResult = desk.user().ask("#2", rest).send().await.read(200);
        assert_eq!(numbers(&result), found, "{rest}");
    }
}

#[tokio::test]
async fn a_result_is_capped_if_there_is_more_than_was_weighed() {
    let desk = Desk::start().await;
    let add = |count| {
        format!(
            "INSERT INTO tickets (title, description, category, category_by) \
             SELECT 'Lamp', 'Number ' || n, 'it', 'staff' FROM generate_series(1, {count}) n"
        )
    };
    let sql = desk.sql().await;
    for (count, capped) in [(1_000, false), (1, true)] {
        sql.batch_execute(&add(count)).await.unwrap();
        for person in [desk.user(), desk.staff()] {
            for rest in ["", "&status=open", "&category=services", "&status=active"] {
                let result: SearchResult = person.ask("lamp", rest).send().await.read(200);
                assert_eq!((result.capped, result.facets.open), (capped, 1_000), "{count}{rest}");
            }
        }
    }
}

#[tokio::test]
async fn a_result_is_capped_also_where_what_was_weighed_are_parts_of_one_ticket() {
    let desk = Desk::start().await;
    desk.report("The lamp flickers").await;
    desk.report("The lamp hums").await;
    let parts = "INSERT INTO ticket_words (ticket_id, part, first_message, live, shelf, words) \
                 SELECT ticket_id, n, 0, live, shelf, words FROM ticket_words, generate_series(1, 1000) n \
                 WHERE ticket_id = 2";
    desk.sql().await.batch_execute(parts).await.unwrap();
    let result = desk.user().search("lamp").await;
    assert_eq!((numbers(&result), result.capped), (vec![2], true));
}

#[tokio::test]
async fn a_result_is_capped_also_where_all_that_was_weighed_is_worth_too_little() {
    let desk = Desk::start().await;
    desk.report("Eduroam and the zeppelin").await;
    let lamps = "INSERT INTO tickets (title, description, category, category_by) \
                 SELECT 'Lamp', 'Number ' || n, 'it', 'staff' FROM generate_series(1, 1001) n; ANALYZE";
    desk.sql().await.batch_execute(lamps).await.unwrap();
    let result = desk.user().search("lamp eduroam zeppelin").await;
    assert_eq!((numbers(&result), result.capped, result.partial), (vec![], true, true));
}

//! `GET /search`: what is found by which words, and how it is shown.

mod odd;
mod order;
mod plans;
mod redaction;
mod visibility;
mod words;

use api_types::{Facets, HitKind, ProblemKind, SearchHit, SearchResult, Ticket};
use serde_json::json;

use crate::support::{Desk, Person};

/// The numbers of the tickets found, best first.
fn numbers(result: &SearchResult) -> Vec<i64> {
    let tickets = result.items.iter().filter(|hit| hit.kind == HitKind::Ticket);
    tickets.map(|hit| hit.id).collect()
}

/// The numbers of the tickets that a search finds, lowest first.
async fn find(person: &Person, q: &str) -> Vec<i64> {
    let mut ids = numbers(&person.search(q).await);
    ids.sort_unstable();
    ids
}

/// The pieces of a snippet that are what was looked for.
fn marked(hit: &SearchHit) -> Vec<&str> {
    hit.snippet.iter().filter(|piece| piece.hit).map(|piece| piece.text.as_str()).collect()
}

/// A snippet as it reads.
fn text_of(hit: &SearchHit) -> String {
    hit.snippet.iter().map(|piece| piece.text.as_str()).collect()
}

/// Four tickets that have no word in common: projector, tap, printer, lamp.
async fn four_tickets(desk: &Desk) -> [Ticket; 4] {
    let user = desk.user();
    let report = async |title: &str, description: &str, location: &str| {
        let body = json!({ "title": title, "description": description, "location": location });
        user.report(body).await
    };
    [
        report("Projectors dark", "No signal arrives by HDMI", "Café Lumière").await,
        report("Dripping tap", "Water runs all night", "Tea kitchen").await,
        report("Printer stuck", "Paper jams between two rollers", "Library").await,
        report("Broken lamp", "It flickers, mornings above all", "Staircase 1.07").await,
    ]
}

#[tokio::test]
async fn a_ticket_is_found_by_its_title_its_text_its_place_and_its_thread() {
    let desk = Desk::start().await;
    let tickets = four_tickets(&desk).await;
    desk.user().write(tickets[1].id, json!({ "body": "The washer looks worn" })).await;
    desk.staff().write(tickets[2].id, json!({ "body": "A technician comes on Monday" })).await;
    for person in [desk.user(), desk.staff()] {
        for (q, found) in [
            ("projectors", 1),
            ("signal", 1),
            ("HDMI", 1),
            ("kitchen", 2),
            ("washer", 2),
            ("washer tap", 2),
            ("technician", 3),
            ("library printer technician rollers", 3),
            ("1.07", 4),
            ("flickers", 4),
        ] {
            assert_eq!(find(&person, q).await, [found], "{q}");
        }
        for q in ["screwdriver", "", "   "] {
            let result = person.search(q).await;
            assert_eq!((result.items.len(), result.facets), (0, Facets::default()), "{q:?}");
        }
    }
}

#[tokio::test]
async fn a_word_is_found_however_it_is_written_inflected_or_mistyped() {
    let desk = Desk::start().await;
    four_tickets(&desk).await;
    for (q, found) in [
        ("cafe", 1),
        ("Café", 1),
        ("CAFÉ", 1),
        ("lumiere", 1),
        ("projector", 1),
        ("signals", 1),
        ("taps", 2),
        ("drip", 2),
        ("dripped", 2),
        ("printers", 3),
        ("prnter", 3),
        ("pirnter ", 3),
        ("Prinnter", 3),
        ("librray", 3),
        ("jammed paper", 3),
        ("flikcers", 4),
    ] {
        assert_eq!(find(&desk.user(), q).await, [found], "{q}");
    }
}

#[tokio::test]
async fn the_word_being_typed_is_completed_and_no_other() {
    let desk = Desk::start().await;
    four_tickets(&desk).await;
    for (q, found) in [
        ("proj", vec![1]),
        ("pro", vec![1]),
        ("dark proj", vec![1]),
        ("pr", vec![]),
        ("proj ", vec![]),
        ("\"proj", vec![]),
        ("dark -proj", vec![1]),
    ] {
        assert_eq!(find(&desk.user(), q).await, found, "{q:?}");
    }
    assert!(desk.user().search("proj dark").await.partial, "a word that is over is completed");
}

#[tokio::test]
async fn quotes_keep_words_together_and_a_minus_keeps_them_out() {
    let desk = Desk::start().await;
    for description in
        ["The screen has no signal", "No light, though the signal is fine", "The signal drops"]
    {
        desk.report(description).await;
    }
    for (q, found) in [
        ("signal", vec![1, 2, 3]),
        ("\"screen has no signal\"", vec![1]),
        ("\"signal drops\"", vec![3]),
        ("\"drops signal\"", vec![]),
        ("\"the signal drops\"", vec![3]),
        ("signal -light", vec![1, 3]),
        ("signal -light -screen", vec![3]),
        ("signal -\"signal drops\"", vec![1, 2]),
        ("-signal", vec![]),
        ("screen -signal", vec![]),
    ] {
        assert_eq!(find(&desk.user(), q).await, found, "{q}");
    }
}

#[tokio::test]
async fn words_that_are_left_out_are_nowhere_in_a_long_thread_or_a_note() {
    let desk = Desk::start().await;
    let (long, noted) = (desk.report("The projector hums").await, desk.report("A projector").await);
    for n in 0..20 {
        let body = if n == 2 { "Is it the fan?".to_owned() } else { format!("Try number {n}") };
        desk.user().write(long.id, json!({ "body": body })).await;
    }
    let note = json!({ "body": "Spoilt by coffee", "internal": true });
    desk.staff().write(noted.id, note).await;
    let both = [long.id.0, noted.id.0];
    assert_eq!(find(&desk.staff(), "projector").await, both);
    assert_eq!(find(&desk.user(), "projector -fan").await, [noted.id.0]);
    assert_eq!(find(&desk.staff(), "projector -fan").await, [noted.id.0]);
    assert_eq!(find(&desk.staff(), "projector -coffee").await, [long.id.0]);
    assert_eq!(find(&desk.user(), "projector -coffee").await, both);
}

#[tokio::test]
async fn a_number_with_its_sign_comes_first_and_once() {
    let desk = Desk::start().await;
    for description in ["It drips", "As in 1 the tap drips", "A lamp", "Room 3 is dark"] {
        desk.report(description).await;
    }
    for (q, found) in [
        ("#1", vec![1, 2]),
        ("#3", vec![3, 4]),
        (" #2 ", vec![2]),
        ("#99", vec![]),
        ("#0", vec![]),
        ("#-1", vec![2]),
        ("#99999999999999999999", vec![]),
        ("3", vec![4]),
    ] {
        let result = desk.user().search(q).await;
        assert_eq!(numbers(&result), found, "{q}");
    }
    let few: SearchResult = desk.user().ask("#1", "&limit=1").send().await.read(200);
    assert_eq!(numbers(&few), [1]);
}

#[tokio::test]
async fn the_best_comes_first_and_what_has_only_some_of_the_words_is_called_partial() {
    let desk = Desk::start().await;
    let mentioned = desk.report("The lamp is out").await;
    desk.user().write(mentioned.id, json!({ "body": "Like the radiator" })).await;
    let title = json!({ "title": "Radiator cold", "description": "Since Monday" });
    desk.user().report(title).await;
    let text = json!({ "title": "Too cold", "description": "The radiator is off" });
    desk.user().report(text).await;
    assert_eq!(numbers(&desk.user().search("radiator").await), [2, 3, 1]);

    let all = desk.user().search("radiator cold").await;
    assert!(!all.partial && numbers(&all).len() > 1, "{all:?}");
    for q in ["radiator banana", "banana radiator", "radiator \"cold lamp\""] {
        let some = desk.user().search(q).await;
        assert!(some.partial, "{q}");
        assert_eq!(numbers(&some), [2, 3, 1], "{q}");
    }
}

#[tokio::test]
async fn an_edit_changes_what_is_found() {
    let desk = Desk::start().await;
    let report = json!({ "title": "Tap", "description": "It leaks", "location": "Attic" });
    let ticket = desk.user().report(report).await;
    let edit = json!({ "title": "Faucet", "description": "It spills", "location": null });
    desk.user().edit(&ticket, edit).await;
    for (q, found) in [
        ("tap", vec![]),
        ("leaks", vec![]),
        ("attic", vec![]),
        ("faucet", vec![1]),
        ("spilling", vec![1]),
    ] {
        assert_eq!(find(&desk.user(), q).await, found, "{q}");
    }
}

#[tokio::test]
async fn a_snippet_is_plain_text_in_pieces_and_marks_what_was_looked_for() {
    let desk = Desk::start().await;
    let markup =
        "A window says <script>alert('lamps')</script> & <b title=\"x\">lamp</b> &amp; so on";
    desk.report(markup).await;
    let body = "**Change** the <i>lamp</i> yourself.";
    desk.staff().publish("Lamps", body).await;
    let result = desk.user().search("lamp").await;
    let snippet = |kind| {
        let hit = result.items.iter().find(|hit| hit.kind == kind).unwrap();
        (text_of(hit), marked(hit))
    };
    let (text, hits) = snippet(HitKind::Ticket);
    assert_eq!(hits, ["lamps", "lamp"]);
    assert!(text.contains("<script>alert('lamps')</script> & <b title") && markup.contains(&text));
    let (text, hits) = snippet(HitKind::Article);
    assert_eq!(hits, ["lamp"]);
    assert!(body.contains(&text) && text.contains("<i>lamp"), "{text}");
    // What stands in brackets is text as well.
    for q in ["script", "title", "alert"] {
        assert_eq!(find(&desk.user(), q).await, [1], "{q}");
    }
}

#[tokio::test]
async fn a_search_is_narrowed_by_status_and_category_and_counts_what_else_there_is() {
    let desk = Desk::start().await;
    for (category, description) in
        [("it", "Lamp one"), ("it", "Lamp two"), ("facility", "Lamp three"), ("services", "Chair")]
    {
        let report = json!({ "description": description, "category": category });
        let ticket = desk.user().report(report).await;
        if description == "Lamp two" {
            desk.staff().step(&ticket, json!({ "to": "active" })).await;
        }
    }
    desk.staff().publish("Lamps", "How to change one").await;
    let all = Facets { open: 2, active: 1, closed: 0, facility: 1, it: 3, services: 0 };
    for (rest, tickets, articles) in [
        ("", vec![1, 2, 3], 1),
        ("&status=open", vec![1, 3], 0),
        ("&status=active", vec![2], 0),
        ("&category=it", vec![1, 2], 1),
        ("&category=facility", vec![3], 0),
        ("&category=services", vec![], 0),
        ("&category=facility&status=open", vec![3], 0),
        ("&category=facility&status=active", vec![], 0),
    ] {
        let result: SearchResult = desk.user().ask("lamp", rest).send().await.read(200);
        let mut ids = numbers(&result);
        ids.sort_unstable();
        assert_eq!((&ids, result.items.len()), (&tickets, tickets.len() + articles), "{rest}");
        assert_eq!(result.facets, all, "{rest}");
    }
}

#[tokio::test]
async fn a_result_has_twenty_items_unless_asked_and_fifty_at_most() {
    let desk = Desk::start().await;
    let insert = "INSERT INTO tickets (title, description, category, category_by) \
                  SELECT 'Lamp', 'Number ' || n, 'it', 'staff' FROM generate_series(1, 1100) n";
    desk.sql().await.batch_execute(insert).await.unwrap();
    for (rest, length) in [("", 20), ("&limit=1", 1), ("&limit=50", 50)] {
        let result: SearchResult = desk.user().ask("lamp", rest).send().await.read(200);
        assert_eq!((result.items.len(), result.capped), (length, true), "{rest}");
        assert_eq!(result.facets.open, 1_000);
        assert!(result.items.iter().all(|hit| hit.id > 100), "the newest are looked at");
    }
    assert!(!desk.user().search("\"number 7\"").await.capped);
    for (rest, field) in [
        ("&limit=0", "limit"),
        ("&limit=51", "limit"),
        ("&limit=ten", "limit"),
        ("&status=done", "status"),
        ("&category=cats", "category"),
        ("&colour=red", "colour"),
        ("&q=tap", "q"),
    ] {
        let answer = desk.user().ask("lamp", rest).send().await;
        answer.refused_field(ProblemKind::InvalidRequest, field);
    }
    let nothing = desk.user().get(api_types::paths::SEARCH).send().await;
    nothing.refused_field(ProblemKind::InvalidRequest, "q");
}

#[tokio::test]
async fn german_and_arabic_are_found_in_other_forms_of_their_words() {
    let desk = Desk::start().await;
    desk.report("Die Heizung im Büro ist kalt und der Drucker druckt nicht").await;
    desk.report("الطابعة في المكتبة لا تعمل").await;
    for (q, found) in [
        ("Heizungen", 1),
        ("heizung kaltes", 1),
        ("Druckern", 1),
        ("Drucker der Büros", 1),
        ("buro", 1),
        ("الطابعة", 2),
        ("طابعة", 2),
        ("المكتبات", 2),
    ] {
        assert_eq!(find(&desk.user(), q).await, [found], "{q}");
    }
}

#[tokio::test]
async fn a_long_thread_is_found_by_its_first_and_its_last_message() {
    let desk = Desk::start().await;
    let ticket = desk.report("The projector hums").await;
    for n in 1..=30 {
        let body = match n {
            1 => "Zebra".to_owned(),
            30 => "Giraffe".to_owned(),
            n => format!("Try number {n}"),
        };
        desk.user().write(ticket.id, json!({ "body": body })).await;
    }
    for q in ["zebra", "giraffe", "projector zebra", "projector giraffe", "zebra giraffe"] {
        let result = desk.user().search(q).await;
        assert_eq!((numbers(&result), result.facets.open), (vec![1], 1), "{q}");
    }
    let result = desk.user().search("giraffe").await;
    assert_eq!(marked(&result.items[0]), ["Giraffe"], "{:?}", result.items[0].snippet);
}

#[tokio::test]
async fn a_word_that_nobody_wrote_does_not_hide_what_has_the_others() {
    let desk = Desk::start().await;
    let insert = "INSERT INTO tickets (title, description, category, category_by) \
                  SELECT 'Lamp', 'Number ' || n, 'it', 'staff' FROM generate_series(1, 300) n; ANALYZE";
    desk.sql().await.batch_execute(insert).await.unwrap();
    for q in ["lamp xylophone", "xylophone lamp", "lamp xylophone zeppelin"] {
        let result = desk.user().search(q).await;
        assert!(result.partial && result.items.len() == 20, "{q}");
    }
}

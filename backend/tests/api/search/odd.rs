//! Searches that nobody types and somebody sends: answered, or refused by name, and the desk goes on.

use api_types::{Facets, ProblemKind, paths};
use serde_json::json;

use crate::support::Desk;

/// Syntax of everything that might read along.
const SYNTAX: [&str; 44] = [
    "'",
    "''",
    "\"",
    "\"\"",
    "\"\"\"",
    "-",
    "--",
    "-\"",
    "-\"\"",
    "- -",
    "#",
    "##1",
    "#1; DROP TABLE tickets",
    "'; DROP TABLE tickets; --",
    "' OR '1'='1",
    "lamp' UNION SELECT client FROM tickets --",
    "$1 $2 $$lamp$$",
    "\\",
    "\\'lamp\\'",
    "E'\\x41'",
    "%",
    "_",
    "%lamp%",
    "lam_",
    "lamp & ! | <-> ( ) :*",
    "lamp:*",
    "lamp:ABCD",
    "!lamp",
    "!(lamp",
    "(((((",
    ")))))",
    "lamp <2> tap",
    "& & &",
    "lamp |",
    ".*",
    "(a+)+$",
    "[[:alpha:]]{4,30}",
    "^lamp$",
    "\\m\\M\\Y",
    "?*+{}[]^$|",
    "<script>alert(1)</script>",
    "{\"q\": \"lamp\"}",
    "../../etc/passwd",
    "https://example.org/lamp?q=1#top",
];

const STOP_WORDS: [&str; 6] =
    ["the", "the and of", "der die das", "und", "من في على", "\"to be or not to be\""];

/// What Unicode has in store.
const UNICODE: [&str; 20] = [
    "😀",
    "👩‍👩‍👧‍👦 lamp",
    "\u{200f}lamp\u{200e}",
    "\u{202e}pmal",
    "\u{2066}lamp\u{2069}",
    "\u{feff}lamp",
    "\u{fffd}",
    "\u{0}",
    "lamp\u{0}tap",
    "\u{1}\u{2}lamp\u{3}",
    "\u{2028}lamp\u{2029}",
    "\u{a0}\u{3000}",
    "l\u{301}a\u{301}m\u{301}p\u{301}",
    "ﬂuorescent ﬃ",
    "İstanbul ıI",
    "ẞ ß",
    "½ ² Ⅷ ①",
    "漢字 かな 한글",
    "𝒜𝓁𝓁",
    "\u{e000}\u{10ffff}",
];

fn long() -> Vec<String> {
    vec![
        "x".repeat(500),
        "𝒜".repeat(500),
        "İ".repeat(500),
        "é ".repeat(250),
        "\"".repeat(500),
        "-".repeat(500),
        "#".repeat(500),
        "a b c d e f g h i j k l m n o p q r s t u v w x y z ".repeat(9),
        (0..100).map(|n| format!("w{n}x ")).collect(),
        "\u{202e}".repeat(500),
        "وَ".repeat(250),
    ]
}

#[tokio::test]
async fn whatever_is_typed_is_answered_and_reads_nothing_as_syntax() {
    let desk = Desk::start().await;
    let lamp = desk.report("The lamp flickers").await;
    desk.staff().publish("Lamps", "How to change a lamp").await;
    let odd = SYNTAX.iter().chain(&STOP_WORDS).chain(&UNICODE).map(|q| (*q).to_owned());
    for q in odd.chain(long()) {
        for person in [desk.user(), desk.staff()] {
            for rest in ["", "&status=open&category=it"] {
                let answer = person.ask(&q, rest).send().await;
                assert_eq!(answer.status, 200, "{q:?}: {}", answer.text);
            }
            let similar = person.post(paths::SIMILAR, json!({ "text": q, "location": "x" }));
            assert_eq!(similar.send().await.status, 200, "{q:?}");
            let done = json!({ "q": q, "found": false, "opened": false });
            let answer = person.post(paths::SEARCHES, done).send().await;
            assert_eq!(answer.status, 204, "{q:?}: {}", answer.text);
        }
    }
    assert_eq!(desk.user().find(lamp.id).await, lamp);
    assert_eq!(super::find(&desk.user(), "lamp").await, [1]);
}

#[tokio::test]
async fn operators_alone_ask_for_nothing() {
    let desk = Desk::start().await;
    desk.report("The lamp flickers").await;
    for q in ["' | & ! ( ) : * <-> \\ %", "\"\"", "- - -", "😀", "\u{200f}", "-lamp"] {
        let result = desk.user().search(q).await;
        assert_eq!((result.items.len(), result.facets), (0, Facets::default()), "{q:?}");
    }
}

#[tokio::test]
async fn a_stop_word_of_one_language_is_a_word_of_another() {
    let desk = Desk::start().await;
    desk.report("The bin overflows").await;
    desk.report("Ich bin im Büro und der Drucker ist kaputt").await;
    for (q, found) in [("bin", vec![1]), ("the bin", vec![1]), ("bin overflows", vec![1])] {
        assert_eq!(super::find(&desk.user(), q).await, found, "{q}");
    }
}

#[tokio::test]
async fn a_search_that_is_too_long_is_refused_by_the_name_of_the_parameter() {
    let desk = Desk::start().await;
    for q in ["x".repeat(501), "x ".repeat(5_000), "😀".repeat(501), "\"".repeat(10_000)] {
        let answer = desk.user().ask(&q, "").send().await;
        let problem = answer.refused_field(ProblemKind::InvalidRequest, "q");
        assert_eq!(problem.fields[0].params["max"], 500);
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_answered_too() {
    let desk = Desk::start().await;
    desk.report("The lamp flickers").await;
    for raw in
        ["%00", "lamp%00", "%ff%fe", "%ed%a0%80", "%", "%zz", "%c3", "+", "%2B", "lamp%0d%0a"]
    {
        for person in [desk.user(), desk.staff()] {
            let answer = person.get(&format!("{}?q={raw}", paths::SEARCH)).send().await;
            assert!(matches!(answer.status, 200 | 400), "{raw}: {}", answer.text);
        }
    }
}

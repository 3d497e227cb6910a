//! Who finds what: users no closed ticket, no draft and no internal note, staff all of it, and nobody a merged ticket.

use api_types::{Facets, HitKind, ProblemKind, paths};
use serde_json::json;

use super::{find, marked, numbers, text_of};
use crate::support::{Desk, Person};

#[tokio::test]
async fn a_closed_ticket_is_neither_found_nor_counted_for_users_and_both_for_staff() {
    let desk = Desk::start().await;
    desk.report("The lamp flickers").await;
    let closed = desk.closed("The lamp is out").await;
    let (theirs, ours) = (desk.user().search("lamp").await, desk.staff().search("lamp").await);
    assert_eq!((numbers(&theirs), theirs.facets.open, theirs.facets.closed), (vec![1], 1, 0));
    assert_eq!((ours.facets.open, ours.facets.closed), (1, 1));
    assert_eq!(find(&desk.staff(), "lamp").await, [1, 2]);
    let categories = |facets: Facets| facets.facility + facets.it + facets.services;
    assert_eq!((categories(theirs.facets), categories(ours.facets)), (1, 2));

    let q = format!("#{}", closed.id);
    assert_eq!(find(&desk.user(), &q).await, [0; 0]);
    assert_eq!(find(&desk.staff(), &q).await, [closed.id.0]);
    let answer = desk.user().ask("lamp", "&status=closed").send().await;
    answer.refused(ProblemKind::Forbidden);
    let answer = desk.staff().ask("lamp", "&status=closed").send().await;
    assert_eq!(numbers(&answer.read(200)), [closed.id.0]);
}

#[tokio::test]
async fn a_word_of_a_note_is_for_staff_alone_also_beside_a_word_of_the_ticket() {
    let desk = Desk::start().await;
    let ticket = desk.report("The lamp flickers").await;
    let note = json!({ "body": "Budget exhausted, says Okafor", "internal": true });
    desk.staff().write(ticket.id, note).await;
    for q in ["okafor", "okaf", "budget", "budgte", "\"budget exhausted\"", "lamp okafor"] {
        assert_eq!(find(&desk.staff(), q).await, [1], "{q}");
        let theirs = desk.user().search(q).await;
        assert!(!format!("{theirs:?}").contains("Okafor"), "{q}");
        assert!(q.contains("lamp") || theirs.items.is_empty(), "{q}");
    }
    let both = desk.staff().search("lamp okafor").await;
    assert_eq!((both.partial, marked(&both.items[0])), (false, vec!["lamp", "Okafor"]));
    assert!(desk.user().search("lamp okafor").await.partial);
    let theirs = text_of(&desk.user().search("lamp").await.items[0]);
    assert!("The lamp flickers".ends_with(&theirs), "{theirs}");
}

/// What a user is told, to the byte, where words might show that stand in a note or a closed ticket.
async fn look(user: &Person) -> Vec<String> {
    let mut seen = Vec::new();
    for q in [
        "lamp",
        "lampp",
        "flickres",
        "okafor",
        "okaf",
        "lamp okafor",
        "-okafor lamp",
        "#1",
        "lam",
        "flic",
    ] {
        seen.push(user.ask(q, "").send().await.text);
    }
    for text in ["The lampp flickers", "Okafor and the lamp", "Budget of the lamp"] {
        let report = json!({ "text": text });
        seen.push(user.post(paths::SIMILAR, report).send().await.text);
    }
    seen
}

#[tokio::test]
async fn what_a_user_finds_before_and_after_a_note_a_draft_and_a_closed_ticket_is_the_same_to_the_byte()
 {
    let desk = Desk::start().await;
    let ticket = desk.report("The lamp flickers").await;
    let user = desk.user();
    let before = look(&user).await;
    // Words that a user may mistype, and those that they may begin to type.
    let body = "Okafor wrote lampp and flickres, the budget is gone";
    let note = json!({ "body": body, "internal": true });
    let note = desk.staff().write(ticket.id, note).await;
    assert_eq!(look(&user).await, before, "after the note");
    let draft = json!({ "title": body, "body": body, "category": "it" });
    desk.staff().post(paths::ARTICLES, draft).send().await.read::<api_types::Article>(201);
    assert_eq!(look(&user).await, before, "after the draft");
    let target = json!({ "target": { "message": note.id } });
    let answer = desk.staff().post(&paths::redact(ticket.id), target).send().await;
    assert_eq!((answer.status, look(&user).await), (200, before.clone()), "after the redaction");
    desk.closed(body).await;
    assert_eq!(look(&user).await, before, "after the closed ticket");
    assert_eq!(find(&desk.staff(), "okaf").await, [2]);
}

#[tokio::test]
async fn a_draft_is_found_by_staff_and_an_article_by_all() {
    let desk = Desk::start().await;
    let article = desk.staff().publish("Eduroam at home", "Choose the certificate").await;
    let draft = json!({ "title": "Eduroam abroad", "body": "Soon", "category": "it" });
    let draft = desk.staff().post(paths::ARTICLES, draft).send().await;
    let draft: api_types::Article = draft.read(201);
    for (person, found) in [(desk.user(), vec![1]), (desk.staff(), vec![1, 2])] {
        let result = person.search("eduroam").await;
        let mut ids: Vec<i64> = result.items.iter().map(|hit| hit.id).collect();
        ids.sort_unstable();
        assert_eq!((ids, result.facets.it), (found.clone(), found.len() as i64));
        let hit = &result.items[0];
        assert_eq!((hit.kind, hit.status, hit.summary.clone()), (HitKind::Article, None, None));
        assert_eq!(person.search("certificate").await.items[0].id, article.id.0);
    }
    let path = paths::article(draft.id);
    let publish = desk.staff().patch(&path, json!({ "published": true })).at(1);
    publish.send().await.read::<api_types::Article>(200);
    assert_eq!(desk.user().search("eduroam").await.items.len(), 2);
    assert_eq!(desk.user().search("abroda").await.items.len(), 1);
    let hide = desk.staff().patch(&path, json!({ "published": false })).at(2);
    hide.send().await.read::<api_types::Article>(200);
    for (person, found) in [(desk.user(), 0), (desk.staff(), 1)] {
        for q in ["abroad", "abroda"] {
            assert_eq!(person.search(q).await.items.len(), found, "{q}");
        }
    }
}

#[tokio::test]
async fn the_words_of_a_merged_ticket_find_the_one_it_was_merged_into() {
    let desk = Desk::start().await;
    let report = json!({ "title": "Beamer dark", "description": "No picture", "location": "Aula" });
    let merged = desk.user().report(report).await;
    desk.user().write(merged.id, json!({ "body": "Since Tuesday" })).await;
    let note = json!({ "body": "Okafor knows", "internal": true });
    desk.staff().write(merged.id, note).await;
    let target = desk.report("The projector fails").await;
    desk.staff().merge(merged.id, target.id).await;
    for person in [desk.user(), desk.staff()] {
        for q in ["beamer", "picture", "aula", "tuesday", "beamer projector", "\"no picture\""] {
            let result = person.search(q).await;
            assert_eq!((numbers(&result), result.facets.open), (vec![target.id.0], 1), "{q}");
        }
    }
    assert_eq!(find(&desk.staff(), "okafor projector").await, [target.id.0]);
    assert_eq!(find(&desk.user(), "okafor").await, [0; 0]);

    desk.staff().unmerge(merged.id).await;
    for (q, found) in [("beamer", merged.id), ("tuesday", merged.id), ("projector", target.id)] {
        assert_eq!(find(&desk.user(), q).await, [found.0], "{q}");
    }
    assert_eq!(find(&desk.staff(), "okafor").await, [merged.id.0]);
}

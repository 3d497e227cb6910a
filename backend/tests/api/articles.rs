//! The knowledge base: `GET POST /articles`, `GET PATCH /articles/{id}`, `PUT /articles/{id}/vote`.

use api_types::{Article, ArticleEntry, ArticleId, Category, Page, ProblemKind, headers, paths};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Desk, Person};

async fn read(person: &Person, id: ArticleId) -> Article {
    person.get(&paths::article(id)).send().await.read(200)
}

async fn edit(person: &Person, article: &Article, body: Value) -> Article {
    let answer = person.patch(&paths::article(article.id), body).at(article.version).send().await;
    answer.read(200)
}

async fn titles(person: &Person) -> Vec<String> {
    let page: Page<ArticleEntry> = person.get(paths::ARTICLES).send().await.read(200);
    page.items.into_iter().map(|entry| entry.title).collect()
}

async fn draft(desk: &Desk, title: &str) -> Article {
    let body = json!({ "title": title, "body": "Turn it **off**.", "category": "facility" });
    desk.staff().post(paths::ARTICLES, body).send().await.read(201)
}

async fn vote(person: &Person, id: ArticleId, helpful: bool) -> (i32, i32) {
    let answer = person.put(&paths::vote(id), json!({ "helpful": helpful })).send().await;
    let article: Article = answer.read(200);
    (article.helpful, article.unhelpful)
}

#[tokio::test]
async fn staff_write_an_article_publish_it_and_change_it() {
    let desk = Desk::start().await;
    let body = json!({ "title": " Dripping  tap ", "body": "Turn it\r\noff.", "category": "it" });
    let answer = desk.staff().post(paths::ARTICLES, body).send().await;
    let article: Article = answer.read(201);
    assert_eq!((article.title.as_str(), article.body.as_str()), ("Dripping tap", "Turn it\noff."));
    assert_eq!((article.published, article.category, article.version), (false, Category::It, 1));
    assert_eq!((article.helpful, article.unhelpful, article.from_ticket), (0, 0, None));
    assert_eq!(answer.header("location"), Some(paths::article(article.id).as_str()));
    assert_eq!(answer.header("etag"), Some("\"1\""));

    let published = edit(&desk.staff(), &article, json!({ "published": true })).await;
    let change = json!({ "title": "Tap", "body": "Call us.", "category": "facility" });
    let changed = edit(&desk.staff(), &published, change).await;
    assert_eq!((changed.version, changed.published), (3, true));
    assert_eq!((changed.title.as_str(), changed.body.as_str()), ("Tap", "Call us."));
    assert_eq!((changed.category, changed.created_at), (Category::Facility, article.created_at));
    assert!(changed.modified_at > article.modified_at);
    let answer = desk.user().get(&paths::article(article.id)).send().await;
    assert_eq!(answer.read::<Article>(200), changed);
    assert_eq!(answer.header("etag"), Some("\"3\""));
    for same in [json!({}), json!({ "title": "Tap" }), json!({ "published": true })] {
        assert_eq!(edit(&desk.staff(), &changed, same).await, changed);
    }
}

#[tokio::test]
async fn a_change_needs_the_version_that_was_seen() {
    let desk = Desk::start().await;
    let article = draft(&desk, "Tap").await;
    let change = |id| desk.staff().patch(&paths::article(id), json!({ "title": "Pipe" }));
    change(article.id).send().await.refused(ProblemKind::PreconditionRequired);
    let absent = ArticleId(999_999);
    change(absent).send().await.refused(ProblemKind::NotFound);
    for seen in [0, 2, 99] {
        change(article.id).at(seen).send().await.refused(ProblemKind::Stale);
    }
    for tag in ["1", "*", "W/\"1\"", ""] {
        let answer = change(article.id).header("if-match", tag).send().await;
        answer.refused_field(ProblemKind::InvalidRequest, "If-Match");
    }
    assert_eq!(read(&desk.staff(), article.id).await, article);
    let answers = join_all((0..8).map(|_| change(article.id).at(1).send())).await;
    let written = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!((written, read(&desk.staff(), article.id).await.version), (1, 2));
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 412)));
}

#[tokio::test]
async fn a_draft_does_not_exist_for_users() {
    let desk = Desk::start().await;
    let hidden = draft(&desk, "Draft").await;
    let shown = desk.staff().publish("Shown", "Text").await;
    assert_eq!(titles(&desk.user()).await, ["Shown"]);
    assert_eq!(titles(&desk.staff()).await, ["Draft", "Shown"]);
    let path = paths::article(hidden.id);
    let missing = desk.user().get(&path).send().await.refused(ProblemKind::NotFound);
    let absent = desk.user().get(&paths::article(ArticleId(999_999))).send().await;
    assert_eq!(missing.detail, absent.refused(ProblemKind::NotFound).detail);
    let vote = json!({ "helpful": true });
    let answer = desk.user().put(&paths::vote(hidden.id), vote).send().await;
    answer.refused(ProblemKind::NotFound);
    assert_eq!(read(&desk.staff(), hidden.id).await, hidden);

    edit(&desk.staff(), &shown, json!({ "published": false })).await;
    desk.user().get(&paths::article(shown.id)).send().await.refused(ProblemKind::NotFound);
    assert_eq!(titles(&desk.user()).await, [""; 0]);
    let body = json!({ "title": "x", "body": "x", "category": "it" });
    desk.user().post(paths::ARTICLES, body).send().await.refused(ProblemKind::Forbidden);
    let answer = desk.user().patch(&path, json!({ "title": "x" })).at(1).send().await;
    answer.refused(ProblemKind::Forbidden);
}

#[tokio::test]
async fn articles_are_listed_page_by_page_in_the_order_they_were_written() {
    let desk = Desk::start().await;
    for n in 0..7 {
        draft(&desk, &format!("Draft {n}")).await;
        desk.staff().publish(&format!("Number {n}"), "Text").await;
    }
    for (person, expected) in [(desk.user(), 7), (desk.staff(), 14)] {
        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("{}?limit=3{cursor}", paths::ARTICLES);
            let page: Page<ArticleEntry> = person.get(&path).send().await.read(200);
            assert!(page.items.len() <= 3);
            ids.extend(page.items.iter().map(|entry| entry.id));
            let Some(next) = page.next else { break };
            cursor = format!("&cursor={next}");
        }
        assert!(ids.is_sorted() && ids.len() == expected, "{ids:?}");
    }
    for (query, field) in [("limit=0", "limit"), ("cursor=x", "cursor"), ("drafts=1", "drafts")] {
        let answer = desk.staff().get(&format!("{}?{query}", paths::ARTICLES)).send().await;
        answer.refused_field(ProblemKind::InvalidRequest, field);
    }
}

#[tokio::test]
async fn a_browser_has_one_vote_and_its_last_word_counts() {
    let desk = Desk::start().await;
    let article = desk.staff().publish("Tap", "Turn it off").await;
    let (one, other) = (desk.user(), desk.user());
    assert_eq!(vote(&one, article.id, true).await, (1, 0));
    assert_eq!(vote(&one, article.id, true).await, (1, 0));
    assert_eq!(vote(&other, article.id, true).await, (2, 0));
    assert_eq!(vote(&one, article.id, false).await, (1, 1));
    assert_eq!(vote(&desk.staff(), article.id, false).await, (1, 2));
    let now = read(&one, article.id).await;
    assert_eq!(now, Article { helpful: 1, unhelpful: 2, ..article.clone() });
    let many: Vec<Person> = (0..10).map(|_| desk.user()).collect();
    join_all(many.iter().map(|person| vote(person, article.id, true))).await;
    let page: Page<ArticleEntry> = one.get(paths::ARTICLES).send().await.read(200);
    assert_eq!((page.items[0].helpful, page.items[0].unhelpful), (11, 2));

    let path = paths::vote(article.id);
    let nameless = one.bare(Method::PUT, &path).json(json!({ "helpful": true })).send().await;
    nameless.refused_field(ProblemKind::InvalidRequest, "Desk-Client");
    for body in [json!({}), json!({ "helpful": "yes" }), json!({ "helpful": null })] {
        one.put(&path, body).send().await.refused_field(ProblemKind::InvalidInput, "helpful");
    }
    let absent = paths::vote(ArticleId(999_999));
    let answer = one.put(&absent, json!({ "helpful": true })).send().await;
    answer.refused(ProblemKind::NotFound);
}

#[tokio::test]
async fn the_same_article_sent_again_is_written_once() {
    let desk = Desk::start().await;
    let (staff, key) = (desk.staff(), Uuid::new_v4());
    let send = |title: &str| {
        let body = json!({ "title": title, "body": "Text", "category": "it" });
        staff.post(paths::ARTICLES, body).key(key).send()
    };
    let first = send("Tap").await;
    let article: Article = first.read(201);
    assert_eq!(first.header(headers::IDEMPOTENCY_REPLAYED), None);
    for answer in join_all((0..8).map(|_| send("Tap"))).await {
        assert_eq!(answer.read::<Article>(201), article);
        assert_eq!(answer.header(headers::IDEMPOTENCY_REPLAYED), Some("true"));
        assert_eq!(answer.header("location"), Some(paths::article(article.id).as_str()));
    }
    send("Pipe").await.refused(ProblemKind::KeyReused);
    assert_eq!(titles(&staff).await, ["Tap"]);
    let body = json!({ "title": "x", "body": "x", "category": "it" });
    let answer = staff.post(paths::ARTICLES, body).header("idempotency-key", "x").send().await;
    answer.refused_field(ProblemKind::InvalidRequest, "Idempotency-Key");
}

#[tokio::test]
async fn the_ticket_an_article_was_made_from_is_hidden_from_users() {
    let desk = Desk::start().await;
    let closed = desk.closed("It drips").await;
    let body = json!({
        "title": "Tap", "body": "New washer", "category": "facility", "published": true,
        "from_ticket": closed.id,
    });
    let article: Article = desk.staff().post(paths::ARTICLES, body).send().await.read(201);
    assert_eq!(article.from_ticket, Some(closed.id));
    assert_eq!(read(&desk.staff(), article.id).await.from_ticket, Some(closed.id));
    assert_eq!(read(&desk.user(), article.id).await.from_ticket, None);
    let voted = desk.user().put(&paths::vote(article.id), json!({ "helpful": true })).send().await;
    assert_eq!(voted.read::<Article>(200).from_ticket, None);
    let unknown = json!({ "title": "x", "body": "x", "category": "it", "from_ticket": 999_999 });
    let answer = desk.staff().post(paths::ARTICLES, unknown).send().await;
    answer.refused_field(ProblemKind::InvalidInput, "from_ticket");
}

#[tokio::test]
async fn the_texts_of_an_article_are_checked_when_it_is_written_and_changed() {
    let desk = Desk::start().await;
    let article = draft(&desk, "Tap").await;
    for (field, value) in [
        ("title", json!("")),
        ("title", json!(" \n ")),
        ("title", json!("x".repeat(201))),
        ("title", json!("a\u{0}")),
        ("body", json!("")),
        ("body", json!("x".repeat(20_001))),
        ("body", json!("a\u{1b}[31m")),
        ("category", json!("cats")),
        ("published", json!("yes")),
        ("colour", json!("red")),
    ] {
        let mut new = json!({ "title": "x", "body": "x", "category": "it" });
        new[field] = value.clone();
        let answer = desk.staff().post(paths::ARTICLES, new).send().await;
        answer.refused_field(ProblemKind::InvalidInput, field);
        let change = desk.staff().patch(&paths::article(article.id), json!({ field: value }));
        change.at(1).send().await.refused_field(ProblemKind::InvalidInput, field);
    }
    let both = json!({ "title": "", "body": "", "category": "it" });
    let problem = desk.staff().post(paths::ARTICLES, both).send().await;
    assert_eq!(problem.refused(ProblemKind::InvalidInput).fields.len(), 2);
    let long = json!({ "title": "x".repeat(200), "body": "é".repeat(20_000), "category": "it" });
    desk.staff().post(paths::ARTICLES, long).send().await.read::<Article>(201);
    assert_eq!(read(&desk.staff(), article.id).await, article);
}

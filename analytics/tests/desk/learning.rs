//! Learning from what staff decided on a real desk.

use std::{fmt::Write as _, path::Path};

use analytics::learn::{
    corpus::{Row, read_folder},
    fit::Settings,
    improve::{Outcome, improve},
};
use api_types::Category;

use crate::support::{Desk, SERVICE_TOKEN, csv_file};

/// Small enough for a test, large enough to tell good from bad.
const SETTINGS: Settings = Settings { most_columns: 1_500, penalty: 0.03, most_steps: 30 };

/// Every third row of the project's corpus to train on; the others are for whoever needs texts that it does not have.
fn corpus() -> (Vec<Row>, Vec<Row>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/corpus");
    let rows = read_folder(&folder).unwrap().into_iter().enumerate();
    let (taught, others): (Vec<_>, Vec<_>) = rows.partition(|(at, _)| at % 3 == 0);
    let rows = |part: Vec<(usize, Row)>| part.into_iter().map(|(_, row)| row).collect();
    (rows(taught), rows(others))
}

/// Learns from tickets that staff put into these categories.
async fn learn_from(desk: &Desk, taught: Vec<Row>, decided: &[(String, Category)]) -> Outcome {
    let mut csv = "opened_at,closed_at,category,text\n".to_owned();
    for (at, (text, category)) in decided.iter().enumerate() {
        let text = text.replace('"', "\"\"");
        writeln!(csv, "2026-0{}-02T08:00:00Z,,{category},\"{text}\"", 1 + at % 9).unwrap();
    }
    let (file, _keep) = csv_file(&csv);
    let imported = desk.import(&file).await;
    // The feed is not held back by anything any more.
    desk.caught_up(imported).await;
    improve(&desk.client, SERVICE_TOKEN, taught, SETTINGS).await.unwrap()
}

#[actix_web::test]
async fn what_staff_decide_is_learnt_and_published() {
    let desk = Desk::start().await;
    let (taught, others) = corpus();
    // On this campus everybody calls the network the Zwick, a word that the corpus does not have.
    let named = |row: Row| match row.category {
        Category::It => (format!("Zwick! {}", row.text), row.category),
        category => (row.text, category),
    };
    let decided: Vec<_> = others.into_iter().step_by(4).map(named).collect();
    let outcome = learn_from(&desk, taught, &decided).await;
    let published = outcome.published.as_ref().expect("it is better").version.clone();
    assert!(outcome.on_all.1.macro_f1() > outcome.on_all.0.macro_f1(), "{outcome}");
    let models = desk.client.list_models().await.unwrap().items;
    let active: Vec<_> = models.iter().filter(|one| one.active).map(|one| &one.version).collect();
    assert_eq!(active, [&published]);
    let ticket = desk.report("zwick").await;
    assert_eq!(ticket.category, Category::It);

    let own = models.iter().find(|one| one.published_at.is_none()).unwrap();
    let back = desk.client.activate_model(&own.version, SERVICE_TOKEN).await.unwrap();
    assert_eq!((back.version, back.active), (own.version.clone(), true));
    desk.stop().await;
}

#[actix_web::test]
async fn a_thousand_tickets_with_one_wrong_category_are_not_learnt() {
    let desk = Desk::start().await;
    let (taught, others) = corpus();
    let wrong: Vec<_> = others
        .into_iter()
        .filter(|row| row.category == Category::It)
        .take(1_000)
        .map(|row| (row.text, Category::Facility))
        .collect();
    assert_eq!(wrong.len(), 1_000);
    let outcome = learn_from(&desk, taught, &wrong).await;
    println!("{outcome}");
    assert!(outcome.tickets >= 990, "{outcome}");
    assert!(outcome.published.is_none(), "{outcome}");
    let models = desk.client.list_models().await.unwrap().items;
    assert_eq!(models.len(), 1, "{models:?}");
    desk.stop().await;
}

//! The desk learns from the labels that staff confirmed, and says of new photos what it learned.

use api_types::{ImageId, LabelKnowledge, LabelSource, PredictionState, ProblemKind, Role, paths};
use backend::{
    config::{PhotoArgs, Vision},
    db::queries::label::{list_examples, span_of_decisions},
};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};
use futures_util::future::join_all;

use super::{pictures, redact::redact};
use crate::support::{Desk, Person, photo_args, wait_until};

fn learned() -> PhotoArgs {
    PhotoArgs { vision: Vision::Learned, ..photo_args() }
}

async fn knowledge(person: &Person) -> LabelKnowledge {
    person.get(paths::LABELS).send().await.read(200)
}

/// Photos of both kinds under tickets, so many of each, that staff have labelled.
async fn teach(desk: &Desk, each: u64) {
    let (user, staff) = (desk.user(), desk.staff());
    for number in 0..each {
        let ticket = desk.report("Something is broken.").await;
        for (is_red, label) in [(true, "fire door"), (false, "water leak")] {
            let photo = user.attach(ticket.id, pictures::striped_photo(is_red, number)).await;
            staff.label(photo.id, label, true).await;
        }
    }
}

async fn labels(person: &Person, id: ImageId) -> Vec<(String, LabelSource)> {
    let read = || async {
        person.get(&paths::predictions(id)).send().await.read::<api_types::Predictions>(200)
    };
    wait_until("the labels", async || read().await.state != PredictionState::Pending).await;
    read().await.items.into_iter().map(|one| (one.label, one.source)).collect()
}

#[tokio::test]
async fn a_new_photo_gets_the_label_of_those_that_look_like_it() {
    let begun = std::time::Instant::now();
    let desk = Desk::start_labelled(learned()).await;
    teach(&desk, 15).await;
    // A process learns when it starts, and every half minute.
    let other = desk.another(&learned());
    let (user, staff) = (other.person(Role::User), other.person(Role::Staff));
    let known = knowledge(&staff).await;
    assert_eq!(known.source, Some(LabelSource::Learned));
    let counts: Vec<_> = known.labels.iter().map(|one| (one.label.as_str(), one.photos)).collect();
    assert_eq!(counts, [("fire door", 15), ("water leak", 15)]);
    assert_eq!((known.photos, known.measured_on), (30, 30));
    assert!(known.accuracy.unwrap() > 0.9, "{known:?}");
    drop(desk.server);
    let [red, blue] =
        [true, false].map(|is_red| user.prepare(pictures::striped_photo(is_red, 100)));
    let (red, blue) = (red.await, blue.await);
    let expected = |label: &str| vec![(label.to_owned(), LabelSource::Learned)];
    assert_eq!(labels(&user, red.id).await, expected("fire door"));
    assert_eq!(labels(&user, blue.id).await, expected("water leak"));
    // Of what is like neither nothing is said.
    let unlike = user.prepare(pictures::even_photo([90, 200, 90])).await;
    assert_eq!(labels(&user, unlike.id).await, []);
    println!("taught and asked in {:?}", begun.elapsed());
}

#[tokio::test]
async fn a_desk_that_knows_little_says_nothing() {
    let desk = Desk::start_labelled(learned()).await;
    teach(&desk, 5).await;
    let other = desk.another(&learned());
    let staff = other.person(Role::Staff);
    let known = knowledge(&staff).await;
    assert_eq!((known.photos, known.accuracy, known.measured_on), (10, None, 0));
    assert_eq!(known.labels.len(), 2);
    let user = other.person(Role::User);
    let photo = user.prepare(pictures::striped_photo(true, 100)).await;
    assert_eq!(labels(&user, photo.id).await, []);
    assert_eq!(desk.user().get(paths::LABELS).send().await.status, 403);
}

#[tokio::test]
async fn what_the_desk_knows_is_for_staff_and_empty_at_first() {
    let desk = Desk::start().await;
    desk.user().get(paths::LABELS).send().await.refused(ProblemKind::Forbidden);
    let known = knowledge(&desk.staff()).await;
    let nothing =
        LabelKnowledge { source: None, labels: vec![], photos: 0, accuracy: None, measured_on: 0 };
    assert_eq!(known, nothing);
    let asked = join_all((0..4).map(|_| async { knowledge(&desk.staff()).await })).await;
    assert!(asked.iter().all(|known| *known == nothing));
}

/// Labels every photo that is there so far by its place in the order, as staff would one by one.
const LABEL_ALL: &str = "INSERT INTO image_labels (image_id, label, confirmed) \
    SELECT id, CASE id % 2 WHEN 1 THEN 'fire door' ELSE 'water leak' END, true FROM images";

#[tokio::test]
async fn the_first_model_is_asked_about_photos_of_open_tickets_that_nobody_said_anything_of() {
    let desk = Desk::start_labelled(learned()).await;
    let (user, staff) = (desk.user(), desk.staff());
    let mut photos = Vec::new();
    for number in 0..15 {
        let ticket = desk.report("Something is broken.").await;
        for is_red in [true, false] {
            photos.push(user.attach(ticket.id, pictures::striped_photo(is_red, number)).await.id);
        }
    }
    // Here the process has learned already, of nothing.
    for id in &photos {
        assert_eq!(labels(&user, *id).await, []);
    }
    assert!(photos.iter().enumerate().all(|(place, id)| id.0 == place as i64 + 1));
    desk.sql().await.batch_execute(LABEL_ALL).await.unwrap();
    // Whoever reads what it knows does not make it learn: that comes later.
    for known in join_all((0..3).map(|_| knowledge(&staff))).await {
        assert_eq!((known.photos, known.accuracy, known.measured_on), (30, None, 0));
    }
    let [open, closed] = [desk.report("A door").await, desk.report("Another door").await];
    let silent = user.attach(open.id, pictures::striped_photo(true, 100)).await.id;
    let over = user.attach(closed.id, pictures::striped_photo(true, 101)).await.id;
    let waiting = user.prepare(pictures::striped_photo(true, 102)).await.id;
    for id in [silent, over, waiting] {
        assert_eq!(labels(&user, id).await, []);
    }
    staff.close(&closed, "Done.").await;
    wait_until("what was learned", async || !labels(&user, silent).await.is_empty()).await;
    let expected = vec![("fire door".to_owned(), LabelSource::Learned)];
    assert_eq!(labels(&user, silent).await, expected);
    assert_eq!(staff.photo(open.id, silent).await.state, PredictionState::Ready);
    let found = user.search("fire door").await.items;
    assert!(found.iter().any(|hit| hit.id == open.id.0), "{found:?}");
    let known = knowledge(&staff).await;
    assert_eq!((known.measured_on, known.accuracy.is_some()), (30, true));
    // The others were not asked about: their job would be done by now.
    let left = "SELECT count(*) FROM prediction_jobs";
    wait_until("the jobs", async || {
        desk.sql().await.query_one(left, &[]).await.unwrap().get::<_, i64>(0) == 0
    })
    .await;
    for (person, id) in [(&staff, over), (&user, waiting), (&user, photos[0])] {
        assert_eq!(labels(person, id).await, []);
    }
}

#[tokio::test]
async fn what_was_learned_before_a_photo_was_redacted_is_out_of_date() {
    let desk = Desk::start().await;
    let (user, staff, ticket) = (desk.user(), desk.staff(), desk.report("It drips").await);
    let photo = user.attach(ticket.id, pictures::photo(1)).await.id;
    let newest = user.attach(ticket.id, pictures::photo(2)).await.id;
    staff.label(photo, "tap", true).await;
    staff.label(newest, "sink", true).await;
    let mut conn = AsyncPgConnection::establish(desk.database.url()).await.unwrap();
    let taught = async |conn: &mut AsyncPgConnection| {
        let examples = list_examples(conn, 10, 10).await.unwrap();
        examples.into_iter().flat_map(|(_, labels)| labels).collect::<Vec<_>>()
    };
    let before = span_of_decisions(&mut conn, 10).await.unwrap();
    assert_eq!(taught(&mut conn).await, ["sink", "tap"]);
    // Not the photo of the last decision: its time alone would tell nothing.
    redact(&staff, ticket.id, photo).await.read::<api_types::Ticket>(200);
    let after = span_of_decisions(&mut conn, 10).await.unwrap();
    assert_eq!((before.0, before.2 - 1), (after.0, after.2));
    assert_eq!(taught(&mut conn).await, ["sink"]);
}

#[tokio::test]
async fn the_photos_of_the_newest_confirmations_are_learned_from_with_all_their_labels() {
    let desk = Desk::start().await;
    let (user, staff, ticket) = (desk.user(), desk.staff(), desk.report("It drips").await);
    let old = user.attach(ticket.id, pictures::photo(1)).await.id;
    let new = user.attach(ticket.id, pictures::photo(2)).await.id;
    for (photo, label) in [(new, "water"), (old, "tap"), (new, "sink")] {
        staff.label(photo, label, true).await;
    }
    staff.label(new, "cat", false).await;
    let mut conn = AsyncPgConnection::establish(desk.database.url()).await.unwrap();
    let labels = async |conn: &mut AsyncPgConnection, newest| {
        let examples = list_examples(conn, newest, 10).await.unwrap();
        examples.into_iter().map(|(_, labels)| labels).collect::<Vec<_>>()
    };
    assert_eq!(labels(&mut conn, 1).await, [["sink", "water"]]);
    assert_eq!(labels(&mut conn, 2).await, [vec!["sink", "water"], vec!["tap"]]);
    let newest_two = span_of_decisions(&mut conn, 2).await.unwrap();
    staff.label(old, "tap", false).await;
    // As many as before, but one of them is another.
    assert_ne!(span_of_decisions(&mut conn, 2).await.unwrap(), newest_two);
}

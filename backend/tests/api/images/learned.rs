//! The desk learns from the labels that staff confirmed, and says of new photos what it learned.

use api_types::{ImageId, LabelKnowledge, LabelSource, PredictionState, ProblemKind, Role, paths};
use backend::config::{PhotoArgs, Vision};
use futures_util::future::join_all;

use super::pictures;
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

//! What nobody needs any more is swept away, when a process starts and every hour.

use std::{
    fs::File,
    path::Path,
    time::{Duration, SystemTime},
};

use api_types::{ProblemKind, paths};
use serde_json::json;

use super::{count_rows, pictures};
use crate::support::{Desk, photo_args, wait_until};

/// Makes an object as old as that.
fn age(object: &Path, hours: u64) {
    let then = SystemTime::now() - Duration::from_secs(hours * 3600);
    File::options().write(true).open(object).unwrap().set_modified(then).unwrap();
}

#[tokio::test]
async fn photos_that_nobody_sent_a_report_for_go_after_a_day_and_all_others_stay() {
    let desk = Desk::start().await;
    let (user, ticket) = (desk.user(), desk.report("The tap drips.").await);
    let abandoned = user.prepare(pictures::photo(1)).await.id;
    let waiting = user.prepare(pictures::photo(2)).await.id;
    let sent = user.attach(ticket.id, pictures::photo(3)).await.id;
    // The same as one that stays: only its row goes.
    let twin = user.prepare(pictures::photo(3)).await.id;
    desk.objects().iter().for_each(|object| age(object, 48));
    let dates = "UPDATE photos SET created_at = now() - interval '2 days'; \
        ALTER TABLE images DISABLE TRIGGER USER; \
        UPDATE images SET created_at = now() - interval '23 hours'; \
        UPDATE images SET created_at = now() - interval '25 hours' WHERE id IN ($1, $2); \
        ALTER TABLE images ENABLE TRIGGER USER";
    let dates = dates.replace("$1", &abandoned.to_string()).replace("$2", &twin.to_string());
    desk.sql().await.batch_execute(&dates).await.unwrap();
    let _other = desk.another(&photo_args());
    wait_until("the sweep", async || desk.objects().len() == 4).await;
    assert_eq!(count_rows(&desk).await, (2, 2));
    for gone in [abandoned, twin] {
        user.get(&paths::image(gone)).send().await.refused(ProblemKind::NotFound);
    }
    for stays in [waiting, sent] {
        assert_eq!(user.get(&paths::image(stays)).send().await.status, 200);
    }
    let late = json!({ "description": "It drips", "images": [abandoned] });
    let answer = user.post(paths::TICKETS, late).send().await;
    answer.refused_field(ProblemKind::InvalidInput, "images");
    // What was swept may come again.
    let again = user.prepare(pictures::photo(1)).await.id;
    assert_eq!(user.get(&paths::image(again)).send().await.status, 200);
}

#[tokio::test]
async fn objects_that_no_row_names_go_after_an_hour() {
    let desk = Desk::start().await;
    let (user, ticket) = (desk.user(), desk.report("The tap drips.").await);
    let photo = user.attach(ticket.id, pictures::photo(1)).await.id;
    let named = desk.objects();
    // Beside those of the photo, as an upload leaves them that was broken off.
    let places = named[0].parent().unwrap().parent().unwrap();
    let lost = |name: &str| {
        let folder = places.join(name);
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("display.webp"), b"lost").unwrap();
        folder.join("display.webp")
    };
    let old = lost("11111111-1111-4111-8111-111111111111");
    let young = lost("22222222-2222-4222-8222-222222222222");
    named.iter().for_each(|object| age(object, 48));
    age(&old, 2);
    let _other = desk.another(&photo_args());
    wait_until("the sweep", async || !old.exists()).await;
    assert!(young.exists() && named.iter().all(|object| object.exists()));
    assert_eq!(user.get(&paths::image(photo)).send().await.status, 200);
}

#[tokio::test]
async fn what_is_left_of_a_redaction_is_swept() {
    let desk = Desk::start().await;
    let (user, ticket) = (desk.user(), desk.report("The tap drips.").await);
    let photo = user.attach(ticket.id, pictures::photo(1)).await.id;
    let kept: Vec<_> = desk
        .objects()
        .into_iter()
        .map(|object| (object.clone(), std::fs::read(object).unwrap()))
        .collect();
    let target = json!({ "target": { "image": photo } });
    let answer = desk.staff().post(&paths::redact(ticket.id), target).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(desk.objects().is_empty());
    // As if the store had been away then.
    for (object, bytes) in &kept {
        std::fs::create_dir_all(object.parent().unwrap()).unwrap();
        std::fs::write(object, bytes).unwrap();
        age(object, 2);
    }
    user.get(&paths::image(photo)).send().await.refused(ProblemKind::NotFound);
    let _other = desk.another(&photo_args());
    wait_until("the sweep", async || desk.objects().is_empty()).await;
    assert_eq!(count_rows(&desk).await, (1, 1), "that it was there is remembered");
}

#[tokio::test]
async fn a_desk_sweeps_nothing_of_another_that_shares_its_folder() {
    let desk = Desk::start().await;
    let neighbour = desk.neighbour().await;
    let (one, other) = (desk.report("A tap").await, neighbour.report("A tap").await);
    let ours = desk.user().attach(one.id, pictures::photo(1)).await.id;
    let theirs = neighbour.user().attach(other.id, pictures::photo(1)).await.id;
    assert_eq!(desk.objects().len(), 4, "each has its own");
    desk.objects().iter().for_each(|object| age(object, 48));
    // Something to wait for: when it is gone, the rest has been looked at.
    let named = desk.objects();
    for object in [&named[0], &named[3]] {
        let lost = object.parent().unwrap().with_file_name("ffffffff-ffff-4fff-8fff-ffffffffffff");
        std::fs::create_dir(&lost).unwrap();
        std::fs::write(lost.join("display.webp"), b"lost").unwrap();
        age(&lost.join("display.webp"), 2);
    }
    let _third = desk.another(&photo_args());
    wait_until("the sweep", async || desk.objects().len() == 5).await;
    let _fourth = neighbour.another(&photo_args());
    wait_until("the sweep", async || desk.objects() == named).await;
    assert_eq!(desk.user().get(&paths::image(ours)).send().await.status, 200);
    assert_eq!(neighbour.user().get(&paths::image(theirs)).send().await.status, 200);
}

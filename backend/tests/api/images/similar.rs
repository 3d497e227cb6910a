//! `GET /images/{id}/similar`: open tickets with nearly the same photo.

use api_types::{HitKind, ImageId, Page, Role, SimilarHit, paths};
use backend::db::queries::photo::list_nearly_same;
use diesel_async::{AsyncConnection as _, AsyncPgConnection};
use image::imageops::{FilterType, resize};
use serde_json::json;

use super::pictures;
use crate::{
    support::{Desk, Person},
    tickets::list::explain_prepared,
};

async fn similar(person: &Person, photo: ImageId) -> Vec<SimilarHit> {
    person.get(&paths::image_similar(photo)).send().await.read::<Page<SimilarHit>>(200).items
}

async fn similar_ids(person: &Person, photo: ImageId) -> Vec<i64> {
    similar(person, photo).await.iter().map(|hit| hit.id).collect()
}

/// The same scene written in three ways: large, small, coarse.
fn ways(number: u64) -> [Vec<u8>; 3] {
    let scene = pictures::draw_scene(number, 480, 360);
    let small = resize(&scene, 240, 180, FilterType::Triangle);
    [
        pictures::encode_jpeg(&scene, 92),
        pictures::encode_jpeg(&small, 70),
        pictures::encode_jpeg(&scene, 30),
    ]
}

#[tokio::test]
async fn open_tickets_with_nearly_the_same_photo_are_listed() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let [large, small, coarse] = ways(1);
    let report = json!({ "description": "The tap drips.", "location": "Kitchen" });
    let first = user.report(report).await;
    user.attach(first.id, large.clone()).await;
    let second = desk.report("Water on the floor").await;
    user.attach(second.id, coarse).await;
    let unlike = desk.report("A lamp").await;
    user.attach(unlike.id, pictures::photo(2)).await;

    let waiting = user.prepare(small.clone()).await.id;
    let hits = similar(&user, waiting).await;
    assert_eq!(hits.len(), 2);
    let hit = hits.iter().find(|hit| hit.id == first.id.0).unwrap();
    assert_eq!((hit.kind, hit.title.as_str()), (HitKind::Ticket, first.title.as_str()));
    assert_eq!(hit.location.as_deref(), Some("Kitchen"));
    let third = user.report(json!({ "description": "It drips", "images": [waiting] })).await;
    let mut ids = similar_ids(&desk.user(), waiting).await;
    ids.sort_unstable();
    assert_eq!(ids, [first.id.0, second.id.0], "the own ticket is none of them");

    staff.close(&first, "Done.").await;
    assert_eq!(similar_ids(&staff, waiting).await, [second.id.0]);
    // What is said of a merged ticket's photo leads to the ticket that stands for it.
    staff.merge(second.id, unlike.id).await;
    for person in [&user, &staff] {
        let hits = similar(person, waiting).await;
        let found: Vec<_> = hits.iter().map(|hit| (hit.id, hit.title.as_str())).collect();
        assert_eq!(found, [(unlike.id.0, unlike.title.as_str())]);
    }
    staff.unmerge(second.id).await;
    assert_eq!(similar_ids(&staff, waiting).await, [second.id.0]);
    staff.merge(third.id, unlike.id).await;
    assert_eq!(similar_ids(&staff, waiting).await, [second.id.0], "asked from a merged ticket");
    staff.merge(second.id, unlike.id).await;
    assert_eq!(similar_ids(&staff, waiting).await, [0; 0], "both are the same ticket now");
    // The very same file is as near as can be, and comes first.
    let fourth = desk.report("Again").await;
    user.attach(fourth.id, small).await;
    assert_eq!(similar_ids(&user, waiting).await[0], fourth.id.0);
}

#[tokio::test]
async fn a_ticket_that_stands_for_others_is_listed_once_and_not_when_it_is_closed() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let [large, small, coarse] = ways(5);
    let [lamp, tap, sink] =
        [desk.report("A lamp").await, desk.report("A tap").await, desk.report("A sink").await];
    user.attach(lamp.id, large).await;
    user.attach(tap.id, coarse).await;
    let waiting = user.prepare(small).await.id;
    staff.merge(lamp.id, tap.id).await;
    assert_eq!(similar_ids(&user, waiting).await, [tap.id.0]);
    staff.merge(tap.id, sink.id).await;
    assert_eq!(similar_ids(&user, waiting).await, [sink.id.0]);
    staff.close(&staff.find(sink.id).await, "Done.").await;
    // Not even for staff, who see it.
    for person in [&user, &user.acting_as(Role::Staff)] {
        assert_eq!(similar_ids(person, waiting).await, [0; 0]);
    }
}

#[tokio::test]
async fn three_are_listed_at_most_and_each_ticket_once() {
    let desk = Desk::start().await;
    let user = desk.user();
    let [large, small, coarse] = ways(3);
    for _ in 0..4 {
        let ticket = desk.report("The tap drips.").await;
        user.attach(ticket.id, large.clone()).await;
        user.attach(ticket.id, small.clone()).await;
    }
    let waiting = user.prepare(coarse).await.id;
    let mut ids = similar_ids(&user, waiting).await;
    assert_eq!(ids.len(), 3);
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

#[tokio::test]
async fn photos_of_nothing_are_like_no_other() {
    let desk = Desk::start().await;
    let user = desk.user();
    let mut walls = Vec::new();
    for _ in 0..2 {
        let ticket = desk.report("A wall").await;
        user.attach(ticket.id, pictures::even_photo([180, 175, 160])).await;
        walls.push(ticket.id.0);
    }
    let waiting = user.prepare(pictures::even_photo([181, 175, 160])).await.id;
    assert_eq!(similar_ids(&user, waiting).await, [0; 0]);
    // But the very same file is the same photo, whatever it shows.
    let same = user.prepare(pictures::even_photo([180, 175, 160])).await.id;
    let mut ids = similar_ids(&user, same).await;
    ids.sort_unstable();
    assert_eq!(ids, walls);
}

#[tokio::test]
async fn a_redacted_photo_is_like_no_other() {
    let desk = Desk::start().await;
    let user = desk.user();
    let [large, small, _] = ways(4);
    let ticket = desk.report("A tap").await;
    let photo = user.attach(ticket.id, large).await.id;
    let waiting = user.prepare(small).await.id;
    assert_eq!(similar_ids(&user, waiting).await, [ticket.id.0]);
    let target = json!({ "target": { "image": photo } });
    let answer = desk.staff().post(&paths::redact(ticket.id), target).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(similar_ids(&user, waiting).await, [0; 0]);
    assert_eq!(similar_ids(&user, photo).await, [0; 0]);
}

/// Twenty thousand photos under as many tickets.
const MANY: &str = "
    BEGIN;
    SET LOCAL campusdesk.loading = 'on';
    INSERT INTO tickets (title, description, category, category_by)
        SELECT 'Lamp ' || n, 'It flickers', 'it', 'staff' FROM generate_series(1, 20000) n;
    INSERT INTO photos (sha256, place, width, height, hash, bands, state)
        SELECT sha256(n::text::bytea), gen_random_uuid() || '/' || repeat('0', 64) || '/' || gen_random_uuid(), 9, 9, n,
            ARRAY[(hashint4(n) & 65535), 65536 | (hashint4(n + 1) & 65535), 131072 | (hashint4(n + 2) & 65535), 196608 | (hashint4(n + 3) & 65535)], 'none'
        FROM generate_series(1, 20000) n;
    ALTER TABLE images DISABLE TRIGGER USER;
    INSERT INTO images (sha256, ticket_id, author_role)
        SELECT sha256(n::text::bytea), n, 'user' FROM generate_series(1, 20000) n;
    ALTER TABLE images ENABLE TRIGGER USER;
    COMMIT;
    ANALYZE;
";

#[tokio::test]
async fn what_is_alike_is_looked_up_in_the_index_of_pieces() {
    let desk = Desk::start().await;
    let sql = desk.sql().await;
    sql.batch_execute(MANY).await.unwrap();
    let mut conn = AsyncPgConnection::establish(desk.database.url()).await.unwrap();
    let probes = photo::probes(0x0123_4567_89AB_CDEF);
    list_nearly_same(&mut conn, vec![7; 32], 77, probes, 7, None, 3).await.unwrap();
    let plans = explain_prepared(&mut conn, "%p.bands &&%").await;
    assert_eq!(plans.len(), 1);
    for (statement, plan) in plans {
        let is_cheap = ["photos", "images", "tickets"]
            .iter()
            .all(|table| !plan.contains(&format!("Seq Scan on {table}")));
        assert!(is_cheap && plan.contains("photos_by_band"), "{statement}\n{plan}");
    }
}

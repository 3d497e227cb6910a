//! Who sees a photo: whoever sees its ticket, and before there is one, the browser that added it.

use api_types::{ImageId, ProblemKind, Role, Status, paths};
use serde_json::json;

use super::pictures;
use crate::support::{Desk, Person};

/// How each way to a photo is answered; `query` goes with the two that show it.
async fn look(person: &Person, id: ImageId, query: &str) -> [u16; 4] {
    let mut seen = [0; 4];
    for (status, path) in seen.iter_mut().zip([
        format!("{}{query}", paths::image(id)),
        format!("{}{query}", paths::thumbnail(id)),
        paths::predictions(id),
        paths::image_similar(id),
    ]) {
        let answer = person.get(&path).send().await;
        if answer.status != 200 {
            answer.refused(ProblemKind::NotFound);
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
        *status = answer.status;
    }
    seen
}

#[tokio::test]
async fn users_see_photos_of_open_and_active_tickets_and_not_a_moment_longer() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let ticket = desk.report("The tap drips.").await;
    let photo = user.attach(ticket.id, pictures::photo(1)).await.id;
    assert_eq!(look(&desk.user(), photo, "").await, [200; 4]);
    let active = staff.step(&ticket, json!({ "to": "active" })).await;
    let stranger = desk.user();
    assert_eq!(look(&stranger, photo, "").await, [200; 4]);
    let close = json!({ "to": Status::Closed, "resolution": "Done." });
    staff.step(&active, close).await;
    let thumbnail = stranger.get(&paths::thumbnail(photo)).send().await;
    thumbnail.refused(ProblemKind::NotFound);
    assert_eq!(look(&stranger, photo, "").await, [404; 4]);
    assert_eq!(look(&user, photo, "").await, [404; 4], "not even who added it");
    let listed = user.get(&paths::ticket_images(ticket.id)).send().await;
    listed.refused(ProblemKind::NotFound);
    assert_eq!(look(&staff, photo, "").await, [200; 4]);
    assert_eq!(staff.photos(ticket.id).await.len(), 1);
}

#[tokio::test]
async fn an_element_of_a_page_says_its_role_in_the_query() {
    let desk = Desk::start().await;
    let (ticket, user) = (desk.report("The tap drips.").await, desk.user());
    let photo = user.attach(ticket.id, pictures::photo(1)).await.id;
    desk.staff().close(&ticket, "Done.").await;
    let show = async |url: &Person, query: &str| {
        let call = url.bare(reqwest::Method::GET, &format!("{}{query}", paths::image(photo)));
        call.send().await
    };
    show(&user, "").await.refused(ProblemKind::NotFound);
    show(&user, "?role=user").await.refused(ProblemKind::NotFound);
    assert_eq!(show(&user, "?role=staff").await.status, 200);
    assert_eq!(look(&desk.staff(), photo, "?role=user").await, [404, 404, 200, 200]);
    for query in ["?role=admin", "?role=", "?size=1"] {
        let problem = show(&user, query).await.refused(ProblemKind::InvalidRequest);
        assert_eq!(problem.fields.len(), 1);
    }
    let behind = desk.another_behind_a_proxy();
    let (theirs, ours) = (behind.person(Role::User), behind.person(Role::Staff));
    show(&theirs, "?role=staff").await.refused(ProblemKind::NotFound);
    assert_eq!(look(&ours, photo, "?role=user").await, [200; 4]);
}

#[tokio::test]
async fn before_its_report_is_sent_a_photo_is_seen_by_its_browser_alone() {
    let desk = Desk::start().await;
    let user = desk.user();
    let photo = user.prepare(pictures::photo(1)).await.id;
    for _ in 0..2 {
        assert_eq!(look(&user, photo, "").await, [200; 4]);
        assert_eq!(look(&desk.user(), photo, "").await, [404; 4]);
        assert_eq!(look(&desk.staff(), photo, "?role=staff").await, [404; 4]);
        let bare = user.bare(reqwest::Method::GET, &paths::thumbnail(photo)).send().await;
        bare.refused(ProblemKind::NotFound);
    }
    let body = json!({ "label": "tap", "confirmed": true });
    let answer = desk.staff().put(&paths::image_labels(photo), body).send().await;
    answer.refused(ProblemKind::NotFound);
    user.report(json!({ "description": "The tap drips.", "images": [photo] })).await;
    assert_eq!(look(&desk.user(), photo, "").await, [200; 4]);
}

#[tokio::test]
async fn what_another_process_closes_is_hidden_within_a_second() {
    let desk = Desk::start().await;
    let other = desk.another(&crate::support::photo_args());
    let (ticket, user) = (desk.report("The tap drips.").await, other.person(Role::User));
    let photo = user.attach(ticket.id, pictures::photo(1)).await.id;
    assert_eq!(user.get(&paths::thumbnail(photo)).send().await.status, 200);
    desk.staff().close(&ticket, "Done.").await;
    let begun = std::time::Instant::now();
    crate::support::wait_until("the end of the photo", async || {
        user.get(&paths::thumbnail(photo)).send().await.status == 404
    })
    .await;
    assert!(begun.elapsed() < std::time::Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_photo_that_never_was_is_not_there_and_an_id_that_is_none_is_refused() {
    let desk = Desk::start().await;
    assert_eq!(look(&desk.staff(), ImageId(999_999), "").await, [404; 4]);
    for id in ["x", "99999999999999999999", "1.5"] {
        let answer = desk.user().get(&format!("{}/{id}/thumbnail", paths::IMAGES)).send().await;
        answer.refused_field(ProblemKind::InvalidRequest, "id");
    }
}

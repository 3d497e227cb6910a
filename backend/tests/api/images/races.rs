//! A report, a redaction, an upload and an answer of the labeller at the same moment: one comes before the other, and no
//! label is lost between them, nor left behind.

use api_types::{FieldCode, ImageId, PredictionState, ProblemKind, Ticket, TicketId, paths};
use serde_json::{Value, json};
use tokio_postgres::Client as Sql;

use super::{
    jobs::{google, wait_for},
    labels::{VAGUE, found, predict},
    pictures,
    provider::{Mood, Provider},
    redact::{count_redactions, redact},
};
use crate::support::{Desk, wait_until};

const WIFI: &str = "wifi password login";

/// A connection that holds something, and one that watches who waits for it.
struct Held {
    holding: Sql,
    watching: Sql,
}

impl Held {
    /// Holds what a query finds until it is let go.
    async fn hold(desk: &Desk, query: &str) -> Held {
        let (holding, watching) = (desk.sql().await, desk.sql().await);
        holding.batch_execute(&format!("BEGIN; {query} FOR UPDATE")).await.unwrap();
        Held { holding, watching }
    }

    /// A report of a photo stops where it takes it over: its ticket is there, and nobody sees it yet.
    async fn reports_of(desk: &Desk, photo: ImageId) -> Held {
        Held::hold(desk, &format!("SELECT FROM images WHERE id = {photo}")).await
    }

    /// A redaction stops where it takes off labels: it has the photo.
    async fn redactions_of(desk: &Desk, photo: ImageId) -> Held {
        let query = format!("SELECT FROM image_labels WHERE image_id = {photo}");
        Held::hold(desk, &query).await
    }

    /// Until so many wait.
    async fn until(&self, count: i64) {
        let waiting = "SELECT count(*) FROM pg_stat_activity \
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
        wait_until(&format!("the {count} who wait"), async || {
            self.watching.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) == count
        })
        .await;
    }

    async fn let_go_when_waiting(&self, count: i64) {
        self.until(count).await;
        self.holding.batch_execute("COMMIT").await.unwrap();
    }
}

fn vague(photo: ImageId) -> Value {
    json!({ "description": VAGUE, "images": [photo] })
}

/// Another ticket with a photo that staff labelled, and the same photo waiting for its report.
async fn share_photo(desk: &Desk) -> (TicketId, ImageId, ImageId, crate::support::Person) {
    let (user, ticket) = (desk.user(), desk.report("The radiator drips.").await);
    let photo = user.attach(ticket.id, pictures::photo(1)).await.id;
    desk.staff().label(photo, "zanzibar", true).await;
    let waiting = user.prepare(pictures::photo(1)).await.id;
    (ticket.id, photo, waiting, user)
}

async fn assert_without_labels(desk: &Desk, ticket: TicketId, photo: ImageId) {
    let staff = desk.staff();
    let shown = staff.photo(ticket, photo).await;
    assert!(shown.redacted && shown.labels.is_empty(), "{shown:?}");
    for word in ["password", "zanzibar"] {
        assert_eq!(found(&staff, word).await, [0; 0], "{word}");
    }
    let left = "SELECT (SELECT count(*) FROM predictions) + (SELECT count(*) FROM image_labels) \
                + (SELECT count(*) FROM prediction_jobs)";
    assert_eq!(desk.sql().await.query_one(left, &[]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test]
async fn labels_that_come_while_a_report_is_being_created_reach_its_words_and_its_category() {
    let provider = Provider::start(Mood::holds(&[(WIFI, 0.9)])).await;
    let desk = Desk::start_labelled(google(&provider, 30)).await;
    let user = desk.user();
    let photo = user.prepare(pictures::photo(1)).await.id;
    wait_until("the question", async || provider.asked() == 1).await;
    let held = Held::reports_of(&desk, photo).await;
    let answer = async {
        held.until(1).await;
        provider.release();
        held.let_go_when_waiting(2).await;
    };
    let (ticket, ()) = tokio::join!(user.report(vague(photo)), answer);
    assert!(ticket.unsure, "it was reported before the answer");
    wait_for(&user, photo, PredictionState::Ready).await;
    let now = user.find(ticket.id).await;
    assert_eq!((now.unsure, now.category.as_str()), (false, "it"));
    assert_eq!(found(&user, "password").await, [ticket.id.0]);
}

#[tokio::test]
async fn a_redaction_while_a_report_is_being_created_takes_the_labels_from_it() {
    let desk = Desk::start().await;
    let (other, photo, waiting, user) = share_photo(&desk).await;
    predict(&desk, photo, &[(WIFI, 0.9)]).await;
    let staff = desk.staff();
    let held = Held::reports_of(&desk, waiting).await;
    let redaction = async {
        held.until(1).await;
        redact(&staff, other, photo).await
    };
    let (ticket, answer, ()) =
        tokio::join!(user.report(vague(waiting)), redaction, held.let_go_when_waiting(2));
    answer.read::<Ticket>(200);
    assert!(!ticket.unsure, "it was reported before the redaction");
    assert!(user.find(ticket.id).await.unsure);
    assert_without_labels(&desk, ticket.id, waiting).await;
    for id in [other, ticket.id] {
        assert_eq!(count_redactions(&staff, id).await, 1);
    }
}

#[tokio::test]
async fn a_report_that_is_created_while_its_photo_is_redacted_gets_no_labels() {
    let desk = Desk::start().await;
    let (other, photo, waiting, user) = share_photo(&desk).await;
    predict(&desk, photo, &[(WIFI, 0.9)]).await;
    let staff = desk.staff();
    let held = Held::redactions_of(&desk, photo).await;
    let report = async {
        held.until(1).await;
        user.report(vague(waiting)).await
    };
    let (answer, ticket, ()) =
        tokio::join!(redact(&staff, other, photo), report, held.let_go_when_waiting(2));
    answer.read::<Ticket>(200);
    assert!(ticket.unsure);
    assert_without_labels(&desk, ticket.id, waiting).await;
}

#[tokio::test]
async fn an_answer_that_comes_while_its_photo_is_redacted_counts_for_nothing() {
    let provider = Provider::start(Mood::holds(&[(WIFI, 0.9)])).await;
    let desk = Desk::start_labelled(google(&provider, 30)).await;
    let (user, staff) = (desk.user(), desk.staff());
    let ticket = user.report(json!({ "description": VAGUE })).await;
    let photo = user.attach(ticket.id, pictures::photo(1)).await.id;
    staff.label(photo, "zanzibar", true).await;
    wait_until("the question", async || provider.asked() == 1).await;
    let held = Held::redactions_of(&desk, photo).await;
    let answer = async {
        held.until(1).await;
        provider.release();
        held.let_go_when_waiting(2).await;
    };
    let (redacted, ()) = tokio::join!(redact(&staff, ticket.id, photo), answer);
    redacted.read::<Ticket>(200);
    // One job after the other: with the second the first answer is dealt with.
    let second = user.attach(ticket.id, pictures::photo(2)).await.id;
    provider.turn(Mood::says(&[("tap", 0.3)]));
    wait_for(&user, second, PredictionState::Ready).await;
    assert!(user.find(ticket.id).await.unsure);
    let sql = desk.sql().await;
    sql.batch_execute("DELETE FROM predictions WHERE label = 'tap'").await.unwrap();
    assert_without_labels(&desk, ticket.id, photo).await;
}

#[tokio::test]
async fn bytes_that_are_added_while_they_are_redacted_are_refused() {
    let desk = Desk::start().await;
    let (ticket, photo, _, user) = share_photo(&desk).await;
    let other = desk.report("The sink drips.").await;
    let staff = desk.staff();
    let held = Held::redactions_of(&desk, photo).await;
    let (alone, under) = (paths::IMAGES.to_owned(), paths::ticket_images(other.id));
    // Both wait for the photo, one of them with the ticket in its hands.
    let uploads = async {
        held.until(1).await;
        tokio::join!(
            user.upload(&alone, pictures::photo(1)).send(),
            user.upload(&under, pictures::photo(1)).send()
        )
    };
    let (redacted, (one, two), ()) =
        tokio::join!(redact(&staff, ticket, photo), uploads, held.let_go_when_waiting(3));
    redacted.read::<Ticket>(200);
    for answer in [one, two] {
        let problem = answer.refused_field(ProblemKind::InvalidInput, "image");
        assert_eq!(problem.fields[0].code, FieldCode::NotAllowed);
    }
    assert_eq!(staff.photos(other.id).await, []);
    assert!(desk.objects().is_empty(), "{:?}", desk.objects());
    assert_without_labels(&desk, ticket, photo).await;
}

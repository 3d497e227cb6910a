//! Live events: who hears of what, from whichever process it comes.

use api_types::{
    LiveEvent, LiveKind, MessageId, Page, PresenceState, Present, ProblemKind, Role, TicketId,
    paths,
};
use reqwest::Response;
use serde_json::json;

use crate::support::{Desk, Person};

/// An open stream.
pub(crate) struct Stream {
    response: Response,
    unread: String,
}

impl Stream {
    /// Opens it and reads what every stream begins with.
    pub(crate) async fn open(url: &str, role: Role) -> Stream {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let response =
            http.get(format!("{url}{}?role={role}", paths::EVENTS)).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut stream = Stream { response, unread: String::new() };
        assert_eq!(stream.next().await, LiveEvent::RESYNC);
        stream
    }

    async fn next(&mut self) -> LiveEvent {
        loop {
            if let Some((event, rest)) = self.unread.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.unread = rest;
                if let Some(data) = event.strip_prefix("data: ") {
                    return serde_json::from_str(data).unwrap();
                }
            } else {
                let part = self.response.chunk().await.unwrap().expect("the stream goes on");
                self.unread.push_str(std::str::from_utf8(&part).unwrap());
            }
        }
    }

    /// The next event that says what changed.
    async fn next_event(&mut self) -> LiveEvent {
        loop {
            let event = self.next().await;
            if !matches!(event.kind, LiveKind::Resync | LiveKind::Alive) {
                return event;
            }
        }
    }

    pub(crate) async fn next_change(&mut self) -> (LiveKind, Option<TicketId>) {
        let event = self.next_event().await;
        (event.kind, event.id)
    }
}

/// Waits until the streams have caught up with a ticket reported now. A process that has just started may say once that
/// it begins only now, so what is reported before that may pass unsaid.
pub(crate) async fn follow(streams: &mut [&mut Stream], reporter: &Person) {
    for _ in 0..2 {
        let ticket = reporter.report(json!({ "description": "The first" })).await;
        for stream in &mut *streams {
            loop {
                let event = stream.next().await;
                if event.kind == LiveKind::Resync || event.id == Some(ticket.id) {
                    break;
                }
            }
        }
    }
}

async fn redact(desk: &Desk, ticket: TicketId, message: MessageId) {
    let target = json!({ "target": { "message": message } });
    let call = desk.staff().post(&paths::redact(ticket), target);
    call.send().await.read::<serde_json::Value>(200);
}

#[tokio::test]
async fn what_one_process_commits_reaches_the_streams_of_another() {
    let desk = Desk::start().await;
    let other = Desk::server_on(desk.database.url());
    let mut users = Stream::open(&other.url, Role::User).await;
    let mut staff = Stream::open(&other.url, Role::Staff).await;
    follow(&mut [&mut users, &mut staff], &desk.user()).await;

    let ticket = desk.report("It drips").await;
    for stream in [&mut users, &mut staff] {
        assert_eq!(stream.next_change().await, (LiveKind::Ticket, Some(ticket.id)));
    }
    desk.user().write(ticket.id, json!({ "body": "Any news?" })).await;
    for stream in [&mut users, &mut staff] {
        assert_eq!(stream.next_change().await, (LiveKind::Message, Some(ticket.id)));
    }
    let active = desk.staff().step(&ticket, json!({ "to": "active" })).await;
    for stream in [&mut users, &mut staff] {
        let event = stream.next_event().await;
        assert_eq!((event.kind, event.version), (LiveKind::Ticket, Some(active.version)));
        assert_eq!(event.status, Some(active.status));
    }
}

#[tokio::test]
async fn an_internal_note_and_its_redaction_raise_no_event_on_a_users_stream() {
    let desk = Desk::start().await;
    let mut users = Stream::open(desk.url(), Role::User).await;
    let mut staff = Stream::open(desk.url(), Role::Staff).await;
    follow(&mut [&mut users, &mut staff], &desk.user()).await;
    let ticket = desk.report("It drips").await;
    for stream in [&mut users, &mut staff] {
        assert_eq!(stream.next_change().await, (LiveKind::Ticket, Some(ticket.id)));
    }

    let note = json!({ "body": "Third time this week", "internal": true });
    let note = desk.staff().write(ticket.id, note).await;
    assert_eq!(staff.next_change().await, (LiveKind::Message, Some(ticket.id)));
    redact(&desk, ticket.id, note.id).await;
    assert_eq!(staff.next_change().await, (LiveKind::Message, Some(ticket.id)));

    let next = desk.report("The next").await;
    assert_eq!(users.next_change().await, (LiveKind::Ticket, Some(next.id)));
}

#[tokio::test]
async fn a_redacted_message_reaches_everyone_who_has_its_thread_on_the_screen() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    let message = desk.user().write(ticket.id, json!({ "body": "Call me: 555" })).await;
    let mut users = Stream::open(desk.url(), Role::User).await;
    follow(&mut [&mut users], &desk.user()).await;
    redact(&desk, ticket.id, message.id).await;
    assert_eq!(users.next_change().await, (LiveKind::Message, Some(ticket.id)));
}

async fn enter(person: &Person, id: TicketId, state: PresenceState) -> Vec<Present> {
    let call = person.put(&paths::presence(id), json!({ "state": state }));
    call.header("desk-name", "Ada").send().await.read::<Page<Present>>(200).items
}

#[tokio::test]
async fn staff_at_one_ticket_see_each_other_through_every_process_and_users_see_nobody() {
    let desk = Desk::start().await;
    let other = Desk::server_on(desk.database.url());
    let ticket = desk.report("It drips").await;
    let mut users = Stream::open(&other.url, Role::User).await;
    let mut staff = Stream::open(&other.url, Role::Staff).await;
    follow(&mut [&mut users, &mut staff], &desk.user()).await;

    let ada = desk.staff();
    assert_eq!(enter(&ada, ticket.id, PresenceState::Answering).await, []);
    assert_eq!(staff.next_change().await, (LiveKind::Presence, Some(ticket.id)));
    let grace = other.person(Role::Staff);
    let seen = Present { name: Some("Ada".into()), state: PresenceState::Answering };
    assert_eq!(enter(&grace, ticket.id, PresenceState::Viewing).await, [seen]);

    let next = desk.report("The next").await;
    assert_eq!(users.next_change().await, (LiveKind::Ticket, Some(next.id)));
}

#[tokio::test]
async fn presence_is_for_staff_and_at_a_ticket_that_is_there() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    let state = json!({ "state": "viewing" });
    let by_user = desk.user().put(&paths::presence(ticket.id), state.clone()).send().await;
    by_user.refused(ProblemKind::Forbidden);
    let nowhere = desk.staff().put(&paths::presence(TicketId(999)), state).send().await;
    nowhere.refused(ProblemKind::NotFound);
    let asleep = desk.staff().put(&paths::presence(ticket.id), json!({ "state": "asleep" }));
    asleep.send().await.refused_field(ProblemKind::InvalidInput, "state");
}

#[tokio::test]
async fn a_role_in_the_query_that_is_none_is_refused_by_name() {
    let desk = Desk::start().await;
    for query in ["role=admin", "role="] {
        let answer = desk.user().get(&format!("{}?{query}", paths::EVENTS)).send().await;
        answer.refused_field(ProblemKind::InvalidRequest, "role");
    }
}

//! The rules that the database keeps by itself, tried with plain SQL.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod photos;

use test_support::TestDatabase;
use tokio_postgres::Client;

/// A desk with an open ticket #1, an active #2 and a closed #3, each with a message and an event of the same number.
async fn desk() -> Client {
    let client = TestDatabase::new().await.connect().await;
    let rows = "INSERT INTO staff (name) VALUES ('Ada'); \
        INSERT INTO tickets (title, description, location, status, category, category_by, opened_at, activated_at, closed_at, resolution) VALUES \
        ('open', 'd', 'l', 'open', 'it', 'staff', '2026-01-01', NULL, NULL, NULL), \
        ('active', 'd', 'l', 'active', 'it', 'staff', '2026-01-01', '2026-01-02', NULL, NULL), \
        ('closed', 'd', 'l', 'closed', 'it', 'staff', '2026-01-01', '2026-01-02', '2026-01-03', 'r'); \
        INSERT INTO messages (ticket_id, author_role, body, created_at) SELECT id, 'user', 'b', '2026-01-01' FROM tickets; \
        INSERT INTO events (ticket_id, role, what, from_value, to_value) SELECT id, 'user', 'title', 'a', 'b' FROM tickets";
    client.batch_execute(rows).await.unwrap();
    client
}

/// The rule that a statement breaks; a column that must be given counts as `not_null`.
async fn broken_rule(client: &Client, statement: &str) -> String {
    let error = client.batch_execute(statement).await.expect_err(statement);
    let error = error.as_db_error().unwrap();
    match error.constraint() {
        Some(constraint) => constraint.to_owned(),
        None if error.code().code() == "23502" => "not_null".to_owned(),
        None => error.to_string(),
    }
}

async fn refuse(client: &Client, cases: &[(&str, &str)]) {
    for (statement, rule) in cases {
        assert_eq!(broken_rule(client, statement).await, *rule, "{statement}");
    }
}

fn insert(columns: &str, values: &str) -> String {
    format!(
        "INSERT INTO tickets (title, description, category, category_by, {columns}) \
         VALUES ('t', 'd', 'it', 'staff', {values})"
    )
}

#[tokio::test]
async fn a_status_goes_one_step_forward_and_no_other_way() {
    let client = desk().await;
    let step = "ticket_status_step";
    refuse(
        &client,
        &[
            ("UPDATE tickets SET status = 'closed', closed_at = now() WHERE id = 1", step),
            (
                "UPDATE tickets SET status = 'open', activated_at = NULL WHERE id = 2",
                "ticket_fixed",
            ),
            ("UPDATE tickets SET status = 'open' WHERE id = 2", step),
            ("UPDATE tickets SET status = 'active', closed_at = NULL WHERE id = 3", step),
            ("UPDATE tickets SET status = 'open', closed_at = NULL WHERE id = 3", step),
            ("UPDATE tickets SET status = 'done' WHERE id = 2", step),
            ("UPDATE tickets SET status = 'active' WHERE id = 1", "ticket_activated_at"),
            ("UPDATE tickets SET status = 'closed' WHERE id = 2", "ticket_closed_at"),
        ],
    )
    .await;
    let legal = "UPDATE tickets SET status = 'active', activated_at = now() WHERE id = 1; \
                 UPDATE tickets SET status = 'closed', closed_at = now() WHERE id = 1";
    client.batch_execute(legal).await.unwrap();
}

#[tokio::test]
async fn dates_fit_the_status_and_each_other() {
    let client = desk().await;
    for (columns, values, rule) in [
        ("closed_at", "now()", "ticket_closed_at"),
        ("status", "'closed'", "ticket_closed_at"),
        ("status, activated_at, closed_at", "'active', now(), now()", "ticket_closed_at"),
        ("activated_at", "now()", "ticket_activated_at"),
        ("status", "'active'", "ticket_activated_at"),
        ("status, closed_at", "'closed', now() - interval '1 day'", "ticket_dates"),
        ("status, activated_at", "'active', now() - interval '1 day'", "ticket_dates"),
        (
            "status, activated_at, closed_at",
            "'closed', now() + interval '2 day', now() + interval '1 day'",
            "ticket_dates",
        ),
        ("status", "'done'", "ticket_status"),
        ("resolution", "'done'", "ticket_resolution_when_closed"),
    ] {
        assert_eq!(broken_rule(&client, &insert(columns, values)).await, rule, "{columns}");
    }
    // What import and demo load: any status, and only such a row is closed without having been active.
    client.batch_execute(&insert("status, closed_at", "'closed', now()")).await.unwrap();
}

#[tokio::test]
async fn texts_have_their_lengths_and_words_their_sets() {
    let client = desk().await;
    for (column, value, rule) in [
        ("title", "''", "ticket_title_length"),
        ("title", "repeat('é', 201)", "ticket_title_length"),
        ("title", "NULL", "not_null"),
        ("description", "''", "ticket_description_length"),
        ("description", "repeat('é', 10001)", "ticket_description_length"),
        ("location", "''", "ticket_location_length"),
        ("location", "repeat('é', 201)", "ticket_location_length"),
        ("category", "'cats'", "ticket_category"),
        ("category_by", "'me'", "ticket_category_by"),
        ("confidence", "1.1", "ticket_confidence"),
        ("confidence", "'NaN'", "ticket_confidence"),
        ("unsure", "true", "ticket_unsure"),
        ("guess", "'it'", "ticket_guess_pair"),
        ("(guess, guess_model)", "('cats', 'm')", "ticket_guess"),
        ("(guess, guess_model)", "('it', '')", "ticket_guess_model_length"),
        ("reported_confidence", "1.1", "ticket_reported_confidence"),
        ("affected", "-1", "ticket_affected"),
        ("messages", "-1", "ticket_messages"),
        ("notes", "-1", "ticket_notes"),
        ("merged_into", "1", "ticket_not_merged_into_itself"),
        ("merged_into", "99", "tickets_merged_into_fkey"),
        ("assignee_id", "99", "tickets_assignee_id_fkey"),
        ("idempotency_key", "gen_random_uuid()", "ticket_idempotency_pair"),
    ] {
        let statement = format!("UPDATE tickets SET {column} = {value} WHERE id = 1");
        assert_eq!(broken_rule(&client, &statement).await, rule, "{statement}");
    }
    let long = "UPDATE tickets SET status = 'closed', closed_at = now(), resolution = repeat('é', 2001) WHERE id = 2";
    refuse(
        &client,
        &[
            (long, "ticket_resolution_length"),
            // Ticket 3 is closed.
            (
                "UPDATE tickets SET guess = 'it', guess_model = 'm' WHERE id = 3",
                "ticket_closed_is_read_only",
            ),
            ("INSERT INTO staff (name) VALUES ('')", "staff_name_length"),
            ("INSERT INTO staff (name) VALUES (repeat('é', 81))", "staff_name_length"),
            ("INSERT INTO staff (name) VALUES ('ADA')", "staff_name_key"),
            ("INSERT INTO locations VALUES (repeat('é', 201))", "location_name_length"),
            ("INSERT INTO locations VALUES ('')", "location_name_length"),
        ],
    )
    .await;
    let longest = "UPDATE tickets SET title = repeat('é', 200), description = repeat('é', 10000), \
                   location = repeat('é', 200) WHERE id = 1";
    client.batch_execute(longest).await.unwrap();
}

#[tokio::test]
async fn nothing_that_the_desk_remembers_is_deleted() {
    let client = desk().await;
    for table in ["tickets", "messages", "events", "staff", "triage_models", "triage_activations"] {
        for statement in [
            format!("DELETE FROM {table}"),
            format!("DELETE FROM {table} WHERE false"),
            format!("TRUNCATE {table} CASCADE"),
        ] {
            assert_eq!(broken_rule(&client, &statement).await, "never_deleted", "{statement}");
        }
    }
}

#[tokio::test]
async fn the_number_and_the_dates_of_a_ticket_stay() {
    let client = desk().await;
    let fixed = "ticket_fixed";
    refuse(
        &client,
        &[
            ("UPDATE tickets SET id = 77 WHERE id = 1", fixed),
            ("UPDATE tickets SET opened_at = '2025-01-01' WHERE id = 1", fixed),
            ("UPDATE tickets SET activated_at = now() WHERE id = 2", fixed),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_the_desk_counts_and_stamps_cannot_be_set_by_hand() {
    let client = desk().await;
    let row = "SELECT version, modified_at::text, changed_in FROM tickets WHERE id = 1";
    let before = client.query_one(row, &[]).await.unwrap();
    let by_hand =
        "UPDATE tickets SET version = 99, modified_at = '2030-01-01', changed_in = 1 WHERE id = 1";
    client.batch_execute(by_hand).await.unwrap();
    let after = client.query_one(row, &[]).await.unwrap();
    assert_eq!(before.get::<_, i64>(0), after.get::<_, i64>(0));
    assert_eq!(before.get::<_, String>(1), after.get::<_, String>(1));
    assert!(after.get::<_, i64>(2) > before.get(2), "any change moves the ticket in the feed");

    client
        .batch_execute("UPDATE tickets SET title = 'x', version = 99 WHERE id = 1")
        .await
        .unwrap();
    let counted = client.query_one(row, &[]).await.unwrap();
    assert_eq!(counted.get::<_, i64>(0), before.get::<_, i64>(0) + 1);
}

#[tokio::test]
async fn a_closed_ticket_is_read_only_but_for_redaction() {
    let client = desk().await;
    for change in [
        "title = 'x'",
        "description = 'x'",
        "location = 'x'",
        "resolution = 'x'",
        "resolution = NULL",
        "category = 'services'",
        "category_by = 'reporter'",
        "assignee_id = 1",
        "closed_at = now()",
    ] {
        let statement = format!("UPDATE tickets SET {change} WHERE id = 3");
        let rule = broken_rule(&client, &statement).await;
        assert_eq!(rule, "ticket_closed_is_read_only", "{statement}");
    }
    let redact = "UPDATE tickets SET title = '[redacted]', description = '[redacted]', \
                  resolution = '[redacted]', location = NULL WHERE id = 3";
    client.batch_execute(redact).await.unwrap();
}

#[tokio::test]
async fn messages_obey_their_rules_and_are_written_once() {
    let client = desk().await;
    let add = |columns: &str, values: &str| {
        format!("INSERT INTO messages (ticket_id, {columns}) VALUES (1, {values})")
    };
    for (columns, values, rule) in [
        ("author_role, body, internal", "'user', 'b', true", "message_internal_by_staff"),
        ("author_role, body", "'user', ''", "message_body_length"),
        ("author_role, body", "'user', repeat('é', 10001)", "message_body_length"),
        ("author_role, body", "'admin', 'b'", "message_author_role"),
        (
            "author_role, author_name, body",
            "'user', repeat('é', 81), 'b'",
            "message_author_name_length",
        ),
    ] {
        assert_eq!(broken_rule(&client, &add(columns, values)).await, rule, "{values}");
    }
    let fixed = "message_fixed";
    refuse(
        &client,
        &[
            (
                "INSERT INTO messages (ticket_id, author_role, body) VALUES (3, 'staff', 'b')",
                "ticket_closed_is_read_only",
            ),
            (
                "INSERT INTO messages (ticket_id, author_role, body) VALUES (99, 'staff', 'b')",
                "messages_ticket_id_fkey",
            ),
            ("UPDATE messages SET body = 'other' WHERE id = 1", fixed),
            ("UPDATE messages SET body = '[redacted]', author_name = 'Eve' WHERE id = 1", fixed),
            ("UPDATE messages SET body = '[redacted]', ticket_id = 2 WHERE id = 1", fixed),
            ("UPDATE messages SET created_at = now() WHERE id = 1", fixed),
            ("UPDATE messages SET author_role = 'staff' WHERE id = 1", fixed),
        ],
    )
    .await;
    client.batch_execute("UPDATE messages SET body = '[redacted]'").await.unwrap();
}

#[tokio::test]
async fn history_is_written_once() {
    let client = desk().await;
    let fixed = "event_fixed";
    refuse(
        &client,
        &[
            ("UPDATE events SET from_value = 'x' WHERE id = 1", fixed),
            ("UPDATE events SET to_value = NULL WHERE id = 1", fixed),
            ("UPDATE events SET at = now() + interval '1 day' WHERE id = 1", fixed),
            ("UPDATE events SET name = 'Eve' WHERE id = 1", fixed),
            ("UPDATE events SET from_value = '[redacted]', role = 'staff' WHERE id = 1", fixed),
            (
                "INSERT INTO events (ticket_id, role, what) VALUES (1, 'user', 'dreamt')",
                "event_what",
            ),
            (
                "INSERT INTO events (ticket_id, role, what) VALUES (1, 'admin', 'title')",
                "event_role",
            ),
            (
                "INSERT INTO events (ticket_id, role, name, what) VALUES (1, 'user', '', 'title')",
                "event_name_length",
            ),
        ],
    )
    .await;
    client
        .batch_execute("UPDATE events SET from_value = '[redacted]', to_value = '[redacted]'")
        .await
        .unwrap();
}

/// Ticket 1 of the desk merged into 2, and ticket 4 as open as 1 was.
async fn merged_desk() -> Client {
    let client = desk().await;
    let merge = "INSERT INTO tickets (title, description, category, category_by) VALUES ('t', 'd', 'it', 'staff'); \
                 UPDATE tickets SET merged_into = 2 WHERE id = 1";
    client.batch_execute(merge).await.unwrap();
    client
}

#[tokio::test]
async fn a_merged_ticket_is_read_only_but_for_redaction() {
    let client = merged_desk().await;
    for change in [
        "title = 'x'",
        "description = 'x'",
        "location = 'x'",
        "status = 'active', activated_at = now()",
        "category = 'services'",
        "category_by = 'reporter'",
        "assignee_id = 1",
        "resolution = 'x'",
        "merged_into = NULL, title = 'x'",
    ] {
        let statement = format!("UPDATE tickets SET {change} WHERE id = 1");
        let rule = broken_rule(&client, &statement).await;
        assert_eq!(rule, "ticket_merged_is_read_only", "{statement}");
    }
    let redact = "UPDATE tickets SET title = '[redacted]', description = '[redacted]', location = NULL \
                  WHERE id = 1; \
                  UPDATE tickets SET merged_into = NULL WHERE id = 1; \
                  UPDATE tickets SET title = 'x', category = 'services' WHERE id = 1";
    client.batch_execute(redact).await.unwrap();
}

#[tokio::test]
async fn a_ticket_is_merged_only_into_one_that_can_be_worked_on() {
    let client = merged_desk().await;
    let (merged, closed) = ("ticket_merged_already", "ticket_closed_is_read_only");
    for (into, rule) in [(1, merged), (3, closed), (99, "tickets_merged_into_fkey")] {
        let statement = insert("merged_into", &into.to_string());
        assert_eq!(broken_rule(&client, &statement).await, rule, "{statement}");
        let statement = format!("UPDATE tickets SET merged_into = {into} WHERE id = 4");
        assert_eq!(broken_rule(&client, &statement).await, rule, "{statement}");
    }
    let already = "UPDATE tickets SET merged_into = 4 WHERE id = 1";
    let ended = "UPDATE tickets SET merged_into = 4 WHERE id = 3";
    let ended_at_once = insert("merged_into, status, closed_at", "2, 'closed', now()");
    refuse(&client, &[(already, merged), (ended, closed), (&ended_at_once, closed)]).await;
    client.batch_execute(&insert("merged_into", "2")).await.unwrap();
}

#[tokio::test]
async fn nobody_joins_a_closed_or_a_merged_ticket() {
    let client = merged_desk().await;
    let join =
        |id| format!("INSERT INTO affected (ticket_id, client) VALUES ({id}, gen_random_uuid())");
    for (id, rule) in [
        (1, "ticket_merged_is_read_only"),
        (3, "ticket_closed_is_read_only"),
        (99, "affected_ticket_id_fkey"),
    ] {
        assert_eq!(broken_rule(&client, &join(id)).await, rule, "{id}");
    }
    client.batch_execute(&join(2)).await.unwrap();
    let affected = "SELECT affected FROM tickets WHERE id = 2";
    assert_eq!(client.query_one(affected, &[]).await.unwrap().get::<_, i32>(0), 2);
}

//! The migrations, up and down, and rules that every table they make must obey.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::{collections::BTreeSet, process::Command};

use backend::db::migrate;
use test_support::{TestDatabase, find_program};

/// Foreign keys without an index of their own, each with the reason.
const UNINDEXED: [(&str, &str); 2] = [
    ("articles.from_ticket", "never looked up from the ticket, and tickets are never deleted"),
    ("triage_activations.version", "read from the end alone, and models are never deleted"),
];

#[tokio::test]
async fn every_foreign_key_leads_an_index() {
    let client = TestDatabase::new().await.connect().await;
    let bare = "SELECT c.conrelid::regclass || '.' || a.attname FROM pg_constraint c \
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] \
        WHERE c.contype = 'f' AND NOT EXISTS ( \
            SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])";
    let bare: BTreeSet<String> =
        client.query(bare, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(bare, UNINDEXED.iter().map(|(column, _)| (*column).to_owned()).collect());
}

/// Texts without a length of their own, each with the reason.
const UNMEASURED: [(&str, &str); 17] = [
    ("articles.category", "a closed set"),
    ("tickets.status", "a closed set"),
    ("tickets.category", "a closed set"),
    ("tickets.category_by", "a closed set"),
    ("tickets.guess", "a closed set"),
    ("triage_models.version", "sixteen hexadecimal digits"),
    ("triage_activations.version", "a copy of one of those"),
    ("images.author_role", "a closed set"),
    ("photos.place", "a hash and an id, as its form says"),
    ("photos.state", "a closed set"),
    ("predictions.source", "a closed set"),
    ("messages.author_role", "a closed set"),
    ("events.role", "a closed set"),
    ("events.what", "a closed set"),
    ("events.from_value", "a copy of a value that was measured where it stood"),
    ("events.to_value", "a copy of a value that was measured where it stood"),
    ("__diesel_schema_migrations.version", "written by the migrations alone"),
];

#[tokio::test]
async fn every_text_has_a_length() {
    let client = TestDatabase::new().await.connect().await;
    let bare = "SELECT a.attrelid::regclass || '.' || a.attname FROM pg_attribute a \
        JOIN pg_class t ON t.oid = a.attrelid AND t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace \
        WHERE a.attnum > 0 AND a.atttypid IN ('text'::regtype, 'varchar'::regtype) AND NOT EXISTS ( \
            SELECT FROM pg_constraint c WHERE c.conrelid = t.oid AND c.contype = 'c' \
            AND a.attnum = ANY (c.conkey) AND pg_get_constraintdef(c.oid) LIKE '%char_length(%')";
    let bare: BTreeSet<String> =
        client.query(bare, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(bare, UNMEASURED.iter().map(|(column, _)| (*column).to_owned()).collect());
}

#[tokio::test]
async fn every_word_of_the_closed_sets_is_allowed_by_the_database_and_no_other() {
    use api_types::{Category, CategoryBy, EventKind, LabelSource, PredictionState, Role, Status};
    let client = TestDatabase::new().await.connect().await;
    let words =
        |set: Vec<&str>| set.iter().map(|word| format!("'{word}'::text")).collect::<Vec<_>>();
    for (constraint, set) in [
        ("ticket_status", words(Status::ALL.iter().map(|s| s.as_str()).collect())),
        ("ticket_category", words(Category::ALL.iter().map(|s| s.as_str()).collect())),
        ("ticket_category_by", words(CategoryBy::ALL.iter().map(|s| s.as_str()).collect())),
        ("message_author_role", words(Role::ALL.iter().map(|s| s.as_str()).collect())),
        ("event_role", words(Role::ALL.iter().map(|s| s.as_str()).collect())),
        ("event_what", words(EventKind::ALL.iter().map(|s| s.as_str()).collect())),
        ("image_author_role", words(Role::ALL.iter().map(|s| s.as_str()).collect())),
        ("photo_state", words(PredictionState::ALL.iter().map(|s| s.as_str()).collect())),
        // What staff say is no prediction.
        (
            "prediction_source",
            words(
                LabelSource::ALL
                    .iter()
                    .filter(|s| **s != LabelSource::Staff)
                    .map(|s| s.as_str())
                    .collect(),
            ),
        ),
    ] {
        let definition = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = $1";
        let definition: String = client.query_one(definition, &[&constraint]).await.unwrap().get(0);
        let listed = definition.split("ARRAY[").nth(1).and_then(|rest| rest.split(']').next());
        let listed: BTreeSet<&str> = listed.unwrap().split(", ").collect();
        let expected: BTreeSet<&str> = set.iter().map(String::as_str).collect();
        assert_eq!(listed, expected, "{definition}");
    }
}

fn dump(url: &str) -> String {
    let output = Command::new(find_program("pg_dump"))
        .args(["--schema-only", "--no-owner", url])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // A random word guards the dump against being read as commands of psql; it differs each time.
    text.lines()
        .filter(|line| !line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict "))
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn migrations_go_up_down_and_up_again_to_the_same_schema_and_leave_nothing_behind() {
    let database = TestDatabase::without_schema().await;
    migrate::run(database.url()).await.unwrap();
    let first = dump(database.url());
    assert!(first.contains("CREATE TABLE public.tickets"), "{first}");

    migrate::revert_all(database.url()).await.unwrap();
    let left = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace \
                AND relname NOT LIKE '\\_\\_diesel\\_schema\\_migrations%' \
                UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace \
                UNION ALL SELECT typname::text FROM pg_type WHERE typnamespace = 'public'::regnamespace \
                AND typname NOT LIKE '%\\_\\_diesel\\_schema\\_migrations'";
    let left = database.connect().await.query(left, &[]).await.unwrap();
    let left: Vec<String> = left.iter().map(|row| row.get(0)).collect();
    assert_eq!(left, [""; 0]);
    assert!(migrate::is_pending(database.url()).await.unwrap());

    migrate::run(database.url()).await.unwrap();
    assert_eq!(dump(database.url()), first);
    assert!(!migrate::is_pending(database.url()).await.unwrap());
}

/// Two tickets, the first merged into the second with its message, its note and its browser; another browser joined.
const MERGED: &str = "
    INSERT INTO tickets (title, description, category, category_by, messages, notes) VALUES
        ('Lamp', 'It flickers', 'it', 'staff', 1, 1), ('Tap', 'It drips', 'it', 'staff', 1, 0);
    INSERT INTO messages (ticket_id, author_role, body, internal) VALUES
        (1, 'user', 'Zanzibar', false), (1, 'staff', 'Quokka', true), (2, 'user', 'Xanadu', false);
    INSERT INTO affected (ticket_id, client) VALUES (2, gen_random_uuid());
    UPDATE messages SET origin = 1, ticket_id = 2 WHERE ticket_id = 1;
    UPDATE tickets SET merged_into = 2 WHERE id = 1;
    UPDATE tickets SET messages = 2, notes = 1 WHERE id = 2;
    UPDATE tickets SET messages = 0, notes = 0 WHERE id = 1;
    INSERT INTO events (ticket_id, role, what, moved) VALUES (1, 'staff', 'merged', ARRAY[1, 2]);
";
const JOIN_AND_MERGE_DOWN: &str =
    include_str!("../../migrations/2026-11-27-000005_join_and_merge/down.sql");

#[tokio::test]
async fn without_merging_every_ticket_has_its_own_thread_counts_and_words_again() {
    let client = TestDatabase::new().await.connect().await;
    client.batch_execute(MERGED).await.unwrap();
    let matching = async |word: &str| -> Vec<i64> {
        let sql = "SELECT DISTINCT ticket_id FROM ticket_words \
                   WHERE coalesce(staff_words, words) @@ to_tsquery('desk_english', $1) ORDER BY 1";
        client.query(sql, &[&word]).await.unwrap().iter().map(|row| row.get(0)).collect()
    };
    for (word, ids) in [("flickers", vec![1, 2]), ("zanzibar", vec![2]), ("quokka", vec![2])] {
        assert_eq!(matching(word).await, ids, "{word}");
    }
    client.batch_execute(&format!("BEGIN; {JOIN_AND_MERGE_DOWN}; COMMIT")).await.unwrap();
    let counts = "SELECT id, messages, notes, affected, (SELECT count(*) FROM messages m WHERE m.ticket_id = t.id) \
                  FROM tickets t ORDER BY id";
    let counts: Vec<(i64, i32, i32, i32, i64)> = client
        .query(counts, &[])
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4)))
        .collect();
    assert_eq!(counts, [(1, 1, 1, 0, 2), (2, 1, 0, 0, 1)]);
    for (word, id) in [
        ("lamp", 1),
        ("flickers", 1),
        ("zanzibar", 1),
        ("quokka", 1),
        ("tap", 2),
        ("drips", 2),
        ("xanadu", 2),
    ] {
        assert_eq!(matching(word).await, [id], "{word}");
    }
    let live = "SELECT count(*) FROM ticket_words WHERE live";
    assert_eq!(client.query_one(live, &[]).await.unwrap().get::<_, i64>(0), 2);
}

/// A ticket that was merged into another, each with a photo that has a label, and the lines of history of both.
const PHOTOS: &str = "
    INSERT INTO tickets (title, description, category, category_by) VALUES
        ('Lamp', 'It flickers', 'it', 'staff'), ('Tap', 'It drips', 'it', 'staff');
    INSERT INTO photos (sha256, place, width, height, state)
        SELECT sha256(n::text::bytea), gen_random_uuid() || '/' || repeat('0', 64) || '/' || gen_random_uuid(), 16, 9, 'none'
        FROM generate_series(1, 2) n;
    INSERT INTO images (sha256, ticket_id, author_role)
        SELECT sha256(n::text::bytea), n, 'user' FROM generate_series(1, 2) n;
    INSERT INTO image_labels (image_id, label, confirmed) VALUES (1, 'zanzibar', true), (2, 'quokka', true);
    INSERT INTO events (ticket_id, role, what, to_value) VALUES (1, 'user', 'photo', '1'), (2, 'user', 'photo', '2');
    UPDATE tickets SET merged_into = 2 WHERE id = 1;
";
const SHOW_PHOTOS: [&str; 2] = [
    include_str!("../../migrations/2026-11-27-000007_show_photos/down.sql"),
    include_str!("../../migrations/2026-11-27-000007_show_photos/up.sql"),
];

#[tokio::test]
async fn without_photos_their_words_are_gone_and_history_still_says_that_there_was_something() {
    let client = TestDatabase::new().await.connect().await;
    client.batch_execute(PHOTOS).await.unwrap();
    let matching = async |word: &str| -> Vec<i64> {
        let sql = "SELECT DISTINCT ticket_id FROM ticket_words \
                   WHERE words @@ to_tsquery('desk_english', $1) ORDER BY 1";
        client.query(sql, &[&word]).await.unwrap().iter().map(|row| row.get(0)).collect()
    };
    assert_eq!((matching("zanzibar").await, matching("quokka").await), (vec![1, 2], vec![2]));
    let [down, up] = SHOW_PHOTOS;
    client.batch_execute(&format!("BEGIN; {down}; COMMIT")).await.unwrap();
    for word in ["zanzibar", "quokka"] {
        assert_eq!(matching(word).await, [0; 0], "{word}");
        let known = "SELECT count(*) FROM known_words WHERE word = $1";
        let known: i64 = client.query_one(known, &[&word]).await.unwrap().get(0);
        assert_eq!(known, 0, "{word}");
    }
    assert_eq!((matching("flickers").await, matching("drips").await), (vec![1, 2], vec![2]));
    let lines = "SELECT what, to_value FROM events ORDER BY id";
    let lines = client.query(lines, &[]).await.unwrap();
    let lines: Vec<(String, String)> = lines.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(lines, [(); 2].map(|()| ("redacted".to_owned(), "photo".to_owned())));
    client.batch_execute(&format!("BEGIN; {up}; COMMIT")).await.unwrap();
    client.batch_execute(PHOTOS.split_once("INSERT INTO photos").unwrap().0).await.unwrap();
    assert_eq!(matching("flickers").await, [1, 2, 3]);
}

#[tokio::test]
async fn two_migrations_at_once_do_not_get_in_each_others_way() {
    let database = TestDatabase::without_schema().await;
    let (one, other) = tokio::join!(migrate::run(database.url()), migrate::run(database.url()));
    one.unwrap();
    other.unwrap();
    assert!(!migrate::is_pending(database.url()).await.unwrap());
}

#[tokio::test]
async fn every_migration_opens_with_a_line_on_why() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations");
    for migration in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if !migration.is_dir() {
            continue;
        }
        for file in ["up.sql", "down.sql"] {
            let text = std::fs::read_to_string(migration.join(file)).unwrap();
            assert!(text.starts_with("-- "), "{}/{file}", migration.display());
        }
    }
}

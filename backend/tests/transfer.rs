//! `import`, `export` and `demo`, run as the commands they are.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
    sync::atomic::{AtomicU32, Ordering},
};

use test_support::TestDatabase;

/// A file of its own, gone with the test.
struct TempFile(PathBuf);

impl TempFile {
    fn new() -> TempFile {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("campusdesk-transfer-{}-{number}.csv", std::process::id());
        TempFile(std::env::temp_dir().join(name))
    }

    fn with(text: &str) -> TempFile {
        let file = TempFile::new();
        fs::write(&file.0, text).unwrap();
        file
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

/// Runs the program on a database.
fn run(database: &TestDatabase, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_campusdesk-backend"))
        .args(args)
        .env("DATABASE_URL", database.url())
        .env_remove("CAMPUSDESK_TZ")
        .output()
        .unwrap()
}

#[track_caller]
fn succeed(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[track_caller]
fn fail(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn export(database: &TestDatabase) -> String {
    succeed(&run(database, &["export"]))
}

/// What SQL says of every ticket, line by line.
async fn rows(database: &TestDatabase, select: &str) -> Vec<String> {
    let sql = format!("SELECT ({select})::text FROM tickets ORDER BY id");
    let rows = database.connect().await.query(&sql, &[]).await.unwrap();
    rows.iter().map(|row| row.get::<_, Option<String>>(0).unwrap_or_default()).collect()
}

async fn count(database: &TestDatabase) -> usize {
    rows(database, "id").await.len()
}

#[tokio::test]
async fn a_file_with_the_four_columns_becomes_tickets() {
    let database = TestDatabase::new().await;
    let file = TempFile::with(
        "opened_at,closed_at,category,text\n\
         2026-01-05,2026-01-07,facility,\"The tap drips, again. And again.\"\n\
         2026-01-06 09:30,,it,No network\n\
         2026-01-07T10:00:00+02:00,2026-01-07T10:00:00.5Z,,The radiator is cold\n",
    );
    let said = succeed(&run(&database, &["import", file.path()]));
    assert_eq!(said, "3 tickets imported, 0 lines left out\n");
    assert_eq!(rows(&database, "status").await, ["closed", "open", "closed"]);
    assert_eq!(
        rows(&database, "title").await,
        ["The tap drips, again", "No network", "The radiator is cold"]
    );
    // A category that is given counts as decided by staff, a missing one is classified.
    let decided = rows(&database, "category || ' ' || category_by || ' ' || (confidence IS NULL)");
    assert_eq!(decided.await, ["facility staff true", "it staff true", "facility automatic false"]);
    let utc = "opened_at AT TIME ZONE 'UTC'";
    assert_eq!(
        rows(&database, utc).await,
        ["2026-01-05 00:00:00", "2026-01-06 09:30:00", "2026-01-07 08:00:00"]
    );
    let history = "SELECT count(*) FROM events WHERE what = 'reported' AND at IN (SELECT opened_at FROM tickets)";
    let history = database.connect().await.query_one(history, &[]).await.unwrap();
    assert_eq!(history.get::<_, i64>(0), 3);
}

#[tokio::test]
async fn dates_without_a_time_mean_midnight_in_the_time_zone_that_is_given() {
    let database = TestDatabase::new().await;
    let file = TempFile::with("opened_at,closed_at,category,text\n2026-07-01,,it,No network\n");
    succeed(&run(&database, &["import", file.path(), "--tz", "Europe/Berlin"]));
    let utc = "opened_at AT TIME ZONE 'UTC'";
    assert_eq!(rows(&database, utc).await, ["2026-06-30 22:00:00"]);
}

#[tokio::test]
async fn the_optional_columns_are_read_in_any_order() {
    let database = TestDatabase::new().await;
    let file = TempFile::with(
        "status,text,location,title,category,closed_at,opened_at\n\
         active,It drips,Kitchen,Tap,facility,,2026-01-05\n\
         closed,It is dark,,,facility,2026-01-06,2026-01-05\n",
    );
    succeed(&run(&database, &["import", file.path()]));
    assert_eq!(rows(&database, "status").await, ["active", "closed"]);
    assert_eq!(rows(&database, "title").await, ["Tap", "It is dark"]);
    assert_eq!(rows(&database, "location").await, ["Kitchen", ""]);
}

/// A line that is fine, then one for each thing that can be wrong, with the column that must be named.
fn wrong_lines() -> (String, Vec<(u64, &'static str)>) {
    let header = "opened_at,closed_at,category,text,title,location,status,id,activated_at,modified_at,\
                  resolution,category_by,confidence,unsure,assignee,version,messages,history";
    let columns: Vec<&str> = header.split(',').collect();
    let message = |fields: &str| {
        format!(
            r#"[{{"role":"user","name":null,"body":"b","internal":false,"at":"2026-01-02T00:00:00Z"{fields}}}]"#
        )
    };
    let event = |fields: &str| {
        format!(
            r#"[{{"at":"2026-01-01T00:00:00Z","role":"user","name":null,"what":"reported","from":null,"to":null{fields}}}]"#
        )
    };
    let late =
        r#"[{"role":"user","name":null,"body":"b","internal":false,"at":"2026-02-01T00:00:00Z"}]"#;
    let cases: Vec<(&str, String)> = vec![
        ("opened_at", String::new()),
        ("opened_at", "yesterday".into()),
        ("opened_at", "2026-02-30".into()),
        ("opened_at", "+250000-01-01".into()),
        ("opened_at", "-5000-01-01".into()),
        ("closed_at", "2025-12-31".into()),
        ("closed_at", String::new()),
        ("category", "cats".into()),
        ("text", " ".into()),
        ("text", "x".repeat(10_001)),
        ("text", "a\u{0}b".into()),
        ("title", "x".repeat(201)),
        ("location", "x".repeat(201)),
        ("status", "done".into()),
        ("status", "open".into()),
        ("id", "x".into()),
        ("id", "0".into()),
        ("id", "-4".into()),
        ("id", "9223372036854775807".into()),
        ("id", "900".into()),
        ("activated_at", "2025-01-01".into()),
        ("activated_at", "2026-03-01".into()),
        ("modified_at", "soon".into()),
        ("resolution", "x".repeat(2_001)),
        ("category_by", "me".into()),
        ("confidence", "1.5".into()),
        ("confidence", "NaN".into()),
        ("unsure", "true".into()),
        ("unsure", "perhaps".into()),
        ("assignee", "x".repeat(81)),
        ("assignee", "a\u{0}".into()),
        ("version", "0".into()),
        ("version", "x".into()),
        ("messages", "[".into()),
        ("messages", "[{}]".into()),
        ("messages", message(r#","colour":"red""#)),
        ("messages", message("").replace("\"b\"", "\"\"")),
        ("messages", message("").replace("\"b\"", &format!("\"{}\"", "x".repeat(10_001)))),
        ("messages", message("").replace("\"b\"", r#""a\u0000""#)),
        ("messages", message("").replace("false", "true")),
        ("messages", message("").replace("null", &format!("\"{}\"", "n".repeat(81)))),
        ("messages", late.into()),
        ("history", "{}".into()),
        ("history", event("").replace("reported", "dreamt")),
        ("history", event("").replace("\"name\":null", "\"name\":\"\"")),
        ("history", event("").replace("\"from\":null", r#""from":"a\u0000""#)),
    ];
    let good = |column: &str| match column {
        "opened_at" => "2026-01-01",
        "closed_at" => "2026-01-20",
        "category" => "it",
        "text" => "No network",
        _ => "",
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&columns).unwrap();
    let mut expected = Vec::new();
    // The number 900 is given by the line that is fine, so that giving it again is wrong.
    writer
        .write_record(
            columns.iter().map(|column| if *column == "id" { "900" } else { good(column) }),
        )
        .unwrap();
    for (index, (wrong, value)) in cases.iter().enumerate() {
        let status_given = |column: &str| match (*wrong, column) {
            // Emptying closed_at is wrong where the status says closed.
            ("closed_at", "status") if value.is_empty() => "closed",
            _ => good(column),
        };
        let record = columns
            .iter()
            .map(|column| if column == wrong { value.as_str() } else { status_given(column) });
        writer.write_record(record).unwrap();
        expected.push((index as u64 + 3, *wrong));
    }
    (String::from_utf8(writer.into_inner().unwrap()).unwrap(), expected)
}

#[tokio::test]
async fn every_wrong_line_is_listed_with_its_reason_and_nothing_is_imported() {
    let database = TestDatabase::new().await;
    let (text, expected) = wrong_lines();
    let file = TempFile::with(&text);
    let said = fail(&run(&database, &["import", file.path()]));
    let lines: Vec<&str> = said.lines().collect();
    for (line, column) in &expected {
        let found = lines.iter().find(|said| said.starts_with(&format!("line {line}: ")));
        let reason =
            found.unwrap_or_else(|| panic!("line {line} ({column}) is not listed:\n{said}"));
        assert!(reason.contains(column), "{column}: {reason}");
    }
    assert!(said.contains("nothing was imported") && said.contains("--skip-bad"), "{said}");
    assert_eq!(lines.len(), expected.len() + 1, "{said}");
    assert_eq!(count(&database).await, 0);

    let said = succeed(&run(&database, &["import", file.path(), "--skip-bad"]));
    assert_eq!(said, format!("1 tickets imported, {} lines left out\n", expected.len()));
    assert_eq!(rows(&database, "id").await, ["900"]);
}

#[tokio::test]
async fn lines_that_are_no_csv_or_no_text_are_listed_too() {
    let database = TestDatabase::new().await;
    let file = TempFile::new();
    let bytes = b"opened_at,closed_at,category,text\n2026-01-01,,it,a,b\n2026-01-01,,it,\xff\n2026-01-01,,it,fine\n";
    fs::write(&file.0, bytes).unwrap();
    let said = fail(&run(&database, &["import", file.path()]));
    assert!(said.contains("line 2: ") && said.contains("line 3: "), "{said}");
    assert!(!said.contains("line 4: "), "{said}");
    succeed(&run(&database, &["import", file.path(), "--skip-bad"]));
    assert_eq!(count(&database).await, 1);
}

#[tokio::test]
async fn a_file_that_is_none_is_told_in_one_sentence() {
    let database = TestDatabase::new().await;
    for (text, reason) in [
        ("", "header"),
        ("opened_at,closed_at,text\n2026-01-01,,x\n", "lacks the column category"),
        ("opened_at;closed_at;category;text\n", "opened_at;closed_at;category;text is not known"),
        ("opened_at,closed_at,category,text,colour\n2026-01-01,,it,x,red\n", "colour"),
    ] {
        let file = TempFile::with(text);
        let said = fail(&run(&database, &["import", file.path()]));
        assert!(said.contains(reason), "{text:?}: {said}");
    }
    let said = fail(&run(&database, &["import", "/no/such/file.csv"]));
    assert!(said.contains("cannot read /no/such/file.csv"), "{said}");
    assert_eq!(count(&database).await, 0);
}

#[tokio::test]
async fn the_desk_goes_on_numbering_after_an_import() {
    let database = TestDatabase::new().await;
    let file = TempFile::with("opened_at,closed_at,category,text,id\n2026-01-01,,it,x,41\n");
    succeed(&run(&database, &["import", file.path()]));
    // In a desk that has tickets already the numbers of the file are not taken over.
    succeed(&run(&database, &["import", file.path()]));
    let insert = "INSERT INTO tickets (title, description, category, category_by) VALUES ('t', 'd', 'it', 'staff')";
    database.connect().await.batch_execute(insert).await.unwrap();
    assert_eq!(rows(&database, "id").await, ["41", "42", "43"]);
}

#[tokio::test]
async fn an_export_imported_into_an_empty_desk_gives_the_same_desk() {
    let database = TestDatabase::new().await;
    succeed(&run(&database, &["demo", "--tickets", "300", "--until", "2026-11-01T12:00:00Z"]));
    // Texts with every sign that means something to CSV, JSON or COPY.
    let odd = r#"INSERT INTO tickets (title, description, location, category, category_by, confidence, unsure) VALUES
        (E'"quoted", back\\slash', E'line\nline\ttab; ''quote'' \\N \\. ,,"', 'A, "B"', 'it', 'automatic', 0.3333, true);
        INSERT INTO messages (ticket_id, author_role, author_name, body, internal)
            SELECT max(id), 'staff', 'Zoë "Å"', E'{"json": "\\\\u0041"}', true FROM tickets;
        UPDATE tickets SET notes = 1, messages = 0 WHERE id = (SELECT max(id) FROM tickets);
        INSERT INTO events (ticket_id, role, name, what, from_value, to_value)
            SELECT max(id), 'user', NULL, 'title', E'a,"b"\n', E'\\' FROM tickets"#;
    database.connect().await.batch_execute(odd).await.unwrap();
    let first = export(&database);
    let file = TempFile::with(&first);

    let other = TestDatabase::new().await;
    let said = succeed(&run(&other, &["import", file.path()]));
    assert_eq!(said, "301 tickets imported, 0 lines left out\n");
    assert_eq!(export(&other), first);

    // Beyond what the file holds: the counts that are kept beside threads, and the suggestions.
    for select in ["messages", "notes", "assignee_id IS NULL", "resolution", "version"] {
        assert_eq!(rows(&other, select).await, rows(&database, select).await, "{select}");
    }
    let places =
        "SELECT string_agg(name, '|' ORDER BY name) FROM locations WHERE name <> 'A, \"B\"'";
    let of = async |database: &TestDatabase| -> String {
        database.connect().await.query_one(places, &[]).await.unwrap().get(0)
    };
    assert_eq!(of(&other).await, of(&database).await);
}

#[tokio::test]
async fn an_empty_desk_is_exported_as_a_file_that_imports_to_nothing() {
    let database = TestDatabase::new().await;
    let file = TempFile::new();
    succeed(&run(&database, &["export", "--output", file.path()]));
    let said = succeed(&run(&database, &["import", file.path()]));
    assert_eq!(said, "0 tickets imported, 0 lines left out\n");
}

#[tokio::test]
async fn the_same_seed_and_end_make_the_same_desk_and_another_seed_another() {
    let mut exports = Vec::new();
    for seed in ["1", "1", "2"] {
        let database = TestDatabase::new().await;
        let args = ["demo", "--tickets", "150", "--until", "2026-11-01T12:00:00Z", "--seed", seed];
        succeed(&run(&database, &args));
        exports.push(export(&database));
    }
    assert_eq!(exports[0], exports[1]);
    assert_ne!(exports[0], exports[2]);
}

#[tokio::test]
async fn no_secret_of_a_browser_is_exported() {
    let database = TestDatabase::new().await;
    let insert = "INSERT INTO tickets (title, description, category, category_by, client, idempotency_key, idempotency_hash) \
                  VALUES ('t', 'd', 'it', 'staff', '5ec2e700-0000-4000-8000-000000000000', 'ce900000-0000-4000-8000-000000000000', 'h')";
    database.connect().await.batch_execute(insert).await.unwrap();
    let text = export(&database);
    assert!(!text.contains("5ec2e700") && !text.contains("ce900000"), "{text}");
}

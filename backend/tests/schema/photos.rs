//! The rules of photos, tried with plain SQL.

use tokio_postgres::Client;

use crate::{broken_rule, desk, refuse};

/// The tables of the desk, with photo `1`, `2` … and image 1 under ticket 1, image 2 that waits, image 3 under ticket 3.
async fn desk_with_photos() -> Client {
    let client = desk().await;
    let rows = "
        INSERT INTO photos (sha256, place, width, height, hash, bands, descriptor, state)
            SELECT sha256(n::text::bytea), gen_random_uuid() || '/' || repeat(n::text, 64) || '/' || gen_random_uuid(),
                16, 9, n, ARRAY[1, 2, 3, 4], ARRAY[0.5], 'none' FROM generate_series(1, 9) n;
        INSERT INTO images (sha256, ticket_id, author_role) VALUES (sha256('1'), 1, 'user');
        INSERT INTO images (sha256, client, author_role) VALUES (sha256('2'), gen_random_uuid(), 'user');
        ALTER TABLE images DISABLE TRIGGER USER;
        INSERT INTO images (sha256, ticket_id, author_role) VALUES (sha256('3'), 3, 'user');
        ALTER TABLE images ENABLE TRIGGER USER;
        INSERT INTO image_labels (image_id, label, confirmed) VALUES (1, 'tap', true);
        INSERT INTO predictions (sha256, label, confidence, source) VALUES (sha256('1'), 'tap', 0.5, 'onnx')";
    client.batch_execute(rows).await.unwrap();
    client
}

#[tokio::test]
async fn content_is_named_by_its_hash_and_as_large_as_it_is_shown() {
    let client = desk_with_photos().await;
    let place = "gen_random_uuid() || '/' || repeat('a', 64) || '/' || gen_random_uuid()";
    let add = |columns: &str, values: &str| {
        format!(
            "INSERT INTO photos (sha256, place, width, height, state{columns}) VALUES ({values})"
        )
    };
    for (columns, values, rule) in [
        ("", format!("'x', {place}, 1, 1, 'none'"), "photo_sha256"),
        ("", format!("sha256('1'), {place}, 1, 1, 'none'"), "photos_pkey"),
        ("", "sha256('a'), '../../etc/passwd', 1, 1, 'none'".to_owned(), "photo_place"),
        ("", format!("sha256('a'), '/' || {place}, 1, 1, 'none'"), "photo_place"),
        ("", format!("sha256('a'), {place} || '/..', 1, 1, 'none'"), "photo_place"),
        (
            "",
            "sha256('a'), (SELECT min(place) FROM photos), 1, 1, 'none'".to_owned(),
            "photo_place_key",
        ),
        ("", format!("sha256('a'), {place}, 0, 1, 'none'"), "photo_width"),
        ("", format!("sha256('a'), {place}, 1601, 1, 'none'"), "photo_width"),
        ("", format!("sha256('a'), {place}, 1, 1601, 'none'"), "photo_height"),
        ("", format!("sha256('a'), {place}, 1, 1, 'done'"), "photo_state"),
        (", hash", format!("sha256('a'), {place}, 1, 1, 'none', 7"), "photo_bands"),
        (", bands", format!("sha256('a'), {place}, 1, 1, 'none', '{{1,2,3,4}}'"), "photo_bands"),
        (
            ", hash, bands",
            format!("sha256('a'), {place}, 1, 1, 'none', 7, '{{1,2,3}}'"),
            "photo_bands",
        ),
        (", hash, bands", format!("sha256('a'), {place}, 1, 1, 'none', 7, '{{}}'"), "photo_bands"),
        (
            ", hash, bands, redacted_at",
            format!("sha256('a'), {place}, 1, 1, 'none', 7, '{{1,2,3,4}}', now()"),
            "photo_redacted",
        ),
        (
            ", descriptor, redacted_at",
            format!("sha256('a'), {place}, 1, 1, 'none', '{{1}}', now()"),
            "photo_redacted",
        ),
        (", redacted_at", format!("sha256('a'), {place}, 1, 1, 'ready', now()"), "photo_redacted"),
    ] {
        let statement = add(columns, &values);
        assert_eq!(broken_rule(&client, &statement).await, rule, "{statement}");
    }
    client
        .batch_execute(&add("", &format!("sha256('a'), {place}, 1600, 1600, 'none'")))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_photo_that_was_redacted_stays_so_and_has_nothing_left() {
    let client = desk_with_photos().await;
    let redact = "UPDATE photos SET redacted_at = now() WHERE sha256 = sha256('1')";
    assert_eq!(broken_rule(&client, redact).await, "photo_redacted");
    let redact = "UPDATE photos SET redacted_at = now(), hash = NULL, bands = NULL, descriptor = NULL WHERE sha256 = sha256('1')";
    client.batch_execute(redact).await.unwrap();
    let fixed = "photo_fixed";
    refuse(
        &client,
        &[
            ("UPDATE photos SET redacted_at = NULL WHERE sha256 = sha256('1')", fixed),
            ("UPDATE photos SET redacted_at = now() WHERE sha256 = sha256('1')", fixed),
            ("UPDATE photos SET state = 'ready' WHERE sha256 = sha256('1')", fixed),
            ("UPDATE photos SET descriptor = '{1}' WHERE sha256 = sha256('1')", fixed),
            ("DELETE FROM photos WHERE sha256 = sha256('1')", "images_sha256_fkey"),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_photo_stays_as_it_was_added_and_where_it_came_to() {
    let client = desk_with_photos().await;
    let fixed = "image_fixed";
    refuse(
        &client,
        &[
            ("UPDATE images SET ticket_id = 2 WHERE id = 1", fixed),
            ("UPDATE images SET ticket_id = NULL, client = gen_random_uuid() WHERE id = 1", fixed),
            ("UPDATE images SET sha256 = sha256('4') WHERE id = 1", fixed),
            ("UPDATE images SET sha256 = sha256('4') WHERE id = 2", fixed),
            ("UPDATE images SET client = gen_random_uuid() WHERE id = 2", fixed),
            ("UPDATE images SET created_at = now() WHERE id = 2", fixed),
            ("UPDATE images SET author_name = 'Eve', ticket_id = 1 WHERE id = 2", fixed),
            ("DELETE FROM images WHERE id = 1", fixed),
            ("DELETE FROM images WHERE id = 3", fixed),
            ("DELETE FROM images", fixed),
            ("DELETE FROM photos WHERE sha256 = sha256('2')", "images_sha256_fkey"),
            ("INSERT INTO images (sha256, author_role) VALUES (sha256('1'), 'user')", "image_has_somebody"),
            ("INSERT INTO images (sha256, ticket_id, author_role) VALUES (sha256('x'), 1, 'user')", "images_sha256_fkey"),
            ("INSERT INTO images (sha256, ticket_id, author_role) VALUES (sha256('1'), 99, 'user')", "images_ticket_id_fkey"),
            ("INSERT INTO images (sha256, ticket_id, author_role) VALUES (sha256('1'), 1, 'admin')", "image_author_role"),
            ("INSERT INTO images (sha256, ticket_id, author_role, author_name) VALUES (sha256('1'), 1, 'user', '')", "image_author_name_length"),
            ("INSERT INTO images (sha256, ticket_id, author_role, idempotency_key) VALUES (sha256('1'), 1, 'user', gen_random_uuid())", "image_idempotency_pair"),
        ],
    )
    .await;
    let truncated = client.batch_execute("TRUNCATE images CASCADE").await.unwrap_err();
    assert!(truncated.as_db_error().is_some(), "{truncated}");
    let legal = "UPDATE images SET ticket_id = 1 WHERE id = 2; \
        INSERT INTO images (sha256, client, author_role) VALUES (sha256('2'), gen_random_uuid(), 'user'); \
        DELETE FROM images WHERE ticket_id IS NULL";
    client.batch_execute(legal).await.unwrap();
}

#[tokio::test]
async fn a_ticket_has_eight_photos_and_a_closed_or_merged_one_gets_none() {
    let client = desk_with_photos().await;
    let add = |ticket| {
        format!(
            "INSERT INTO images (sha256, ticket_id, author_role) VALUES (sha256('1'), {ticket}, 'user')"
        )
    };
    let claim = "UPDATE images SET ticket_id = $ WHERE id = 2";
    let closed = "ticket_closed_is_read_only";
    refuse(&client, &[(&add(3), closed), (&claim.replace('$', "3"), closed)]).await;
    client.batch_execute("UPDATE tickets SET merged_into = 1 WHERE id = 2").await.unwrap();
    let merged = "ticket_merged_is_read_only";
    refuse(&client, &[(&add(2), merged), (&claim.replace('$', "2"), merged)]).await;
    let seven = "INSERT INTO images (sha256, ticket_id, author_role) SELECT sha256('1'), 1, 'user' FROM generate_series(1, $)";
    let most = "ticket_images_most";
    refuse(&client, &[(&seven.replace('$', "8"), most)]).await;
    client.batch_execute(&seven.replace('$', "7")).await.unwrap();
    refuse(&client, &[(&add(1), most), (&claim.replace('$', "1"), most)]).await;
}

#[tokio::test]
async fn nine_photos_that_wait_do_not_come_to_one_ticket() {
    let client = desk_with_photos().await;
    let wait = "INSERT INTO images (sha256, client, author_role) SELECT sha256('1'), gen_random_uuid(), 'user' FROM generate_series(1, 8)";
    client.batch_execute(wait).await.unwrap();
    let claim = "UPDATE images SET ticket_id = 2 WHERE ticket_id IS NULL";
    assert_eq!(broken_rule(&client, claim).await, "ticket_images_most");
    client.batch_execute("DELETE FROM images WHERE id = 2").await.unwrap();
    client.batch_execute(claim).await.unwrap();
}

#[tokio::test]
async fn labels_and_predictions_are_short_and_those_of_a_closed_ticket_are_read_only() {
    let client = desk_with_photos().await;
    let closed = "ticket_closed_is_read_only";
    let length = "image_label_length";
    refuse(
        &client,
        &[
            ("INSERT INTO image_labels (image_id, label, confirmed) VALUES (1, '', true)", length),
            ("INSERT INTO image_labels (image_id, label, confirmed) VALUES (1, repeat('ö', 41), true)", length),
            ("INSERT INTO image_labels (image_id, label, confirmed) VALUES (1, 'tap', true)", "image_labels_pkey"),
            ("INSERT INTO image_labels (image_id, label, confirmed) VALUES (99, 'tap', true)", "image_labels_image_id_fkey"),
            ("INSERT INTO image_labels (image_id, label, confirmed, decided_by) VALUES (1, 'x', true, '')", "image_label_decided_by_length"),
            ("INSERT INTO image_labels (image_id, label, confirmed) VALUES (3, 'tap', true)", closed),
            ("INSERT INTO predictions VALUES (sha256('1'), '', 0.5, 'onnx')", "prediction_label_length"),
            ("INSERT INTO predictions VALUES (sha256('1'), 'x', 1.01, 'onnx')", "prediction_confidence"),
            ("INSERT INTO predictions VALUES (sha256('1'), 'x', -0.1, 'onnx')", "prediction_confidence"),
            ("INSERT INTO predictions VALUES (sha256('1'), 'x', 'NaN', 'onnx')", "prediction_confidence"),
            ("INSERT INTO predictions VALUES (sha256('1'), 'x', 0.5, 'staff')", "prediction_source"),
            ("INSERT INTO predictions VALUES (sha256('1'), 'tap', 0.7, 'google')", "predictions_pkey"),
            ("INSERT INTO predictions VALUES (sha256('x'), 'tap', 0.7, 'google')", "predictions_sha256_fkey"),
            ("INSERT INTO prediction_jobs (sha256, attempts) VALUES (sha256('1'), -1)", "prediction_job_attempts"),
            ("INSERT INTO prediction_jobs (sha256) VALUES (sha256('x'))", "prediction_jobs_sha256_fkey"),
        ],
    )
    .await;
    let label =
        "INSERT INTO image_labels (image_id, label, confirmed) VALUES (1, repeat('ö', 40), true)";
    client.batch_execute(label).await.unwrap();
    client
        .batch_execute(
            "UPDATE tickets SET status = 'active', activated_at = now() WHERE id = 1; \
             UPDATE tickets SET status = 'closed', closed_at = now() WHERE id = 1",
        )
        .await
        .unwrap();
    let change = "UPDATE image_labels SET confirmed = false WHERE image_id = 1";
    assert_eq!(broken_rule(&client, change).await, closed);
    // Redaction takes them away.
    client.batch_execute("DELETE FROM image_labels WHERE image_id = 1").await.unwrap();
}

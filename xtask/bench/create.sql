-- A report with its first line of history and its place, in one statement as the desk stores it.
WITH t AS (
    INSERT INTO tickets (title, description, location, category, category_by, confidence, unsure,
                         reported_confidence, reported_unsure, guess, guess_model, client, idempotency_key, idempotency_hash)
    VALUES ('the lamp in room flickers since monday', 'the lamp in room flickers since monday and nobody came on second floor',
            'Bench hall', 'facility', 'automatic', 0.5, false, 0.5, false, 'facility', 'bench', '5f0c3c1e-8d0f-4a86-9b1c-2f7c7f0f6f10',
            gen_random_uuid(), decode(md5(random()::text) || md5(random()::text), 'hex'))
    ON CONFLICT (idempotency_key) DO NOTHING RETURNING *
), e AS (
    INSERT INTO events (ticket_id, at, role, name, what) SELECT id, opened_at, 'staff', NULL, 'reported' FROM t
), s AS (
    INSERT INTO ticket_summaries (ticket_id, reported) SELECT id, 'the lamp in room flickers since monday and nobody came' FROM t
), l AS (
    INSERT INTO locations (name) SELECT location FROM t WHERE location IS NOT NULL ON CONFLICT DO NOTHING
)
SELECT t.id, t.title, t.description, t.location, t.status, t.category, t.category_by,
    t.confidence, t.unsure, t.resolution, t.opened_at, t.modified_at, t.activated_at,
    t.closed_at, t.assignee_id, (SELECT s.name FROM staff s WHERE s.id = t.assignee_id),
    t.affected, t.messages, t.notes, t.merged_into, t.version, t.client, t.changed_in
FROM t;

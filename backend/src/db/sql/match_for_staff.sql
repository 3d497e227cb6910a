-- The newest thousand parts of tickets that match, internal notes included, from the newest shelf on, by the indexes
-- ticket_words_by_word and ticket_words_by_staff_word. What was excluded ($8, or nothing) is in no part of the ticket.
reader AS (SELECT true AS sees_notes),
found AS MATERIALIZED (
    SELECT w.ticket_id, w.first_message, coalesce(w.staff_words, w.words) AS words
    FROM generate_series((SELECT max(id) >> 15 FROM tickets)::integer, 0, -1) AS s (shelf)
    CROSS JOIN LATERAL (
        SELECT * FROM ticket_words w
        WHERE w.shelf = s.shelf
            AND (w.words @@ $4::text::tsquery OR (w.staff_words IS NOT NULL AND w.staff_words @@ $4::text::tsquery))
            AND ($8::text = '' OR (
                SELECT NOT bool_or(coalesce(x.staff_words, x.words) @@ $8::text::tsquery)
                FROM ticket_words x WHERE x.ticket_id = w.ticket_id
            ))
        ORDER BY w.ticket_id DESC LIMIT 1000
    ) w
    LIMIT 1000
),

-- The newest thousand parts of tickets that match, internal notes included, from the newest shelf on, by the indexes
-- ticket_words_by_word and ticket_words_by_staff_word. What was excluded ($8, or nothing) is in no part of the ticket. One
-- part more tells whether there are.
reader AS (SELECT true AS sees_notes),
matching AS MATERIALIZED (
    SELECT w.ticket_id, w.first_message, coalesce(w.staff_words, w.words) AS words
    FROM shelf s
    CROSS JOIN LATERAL (
        SELECT * FROM ticket_words w
        WHERE w.shelf = s.number
            AND (w.words @@ $4::text::tsquery OR (w.staff_words IS NOT NULL AND w.staff_words @@ $4::text::tsquery))
            AND ($8::text = '' OR (
                SELECT NOT bool_or(coalesce(x.staff_words, x.words) @@ $8::text::tsquery)
                FROM ticket_words x WHERE x.ticket_id = w.ticket_id
            ))
        ORDER BY w.ticket_id DESC LIMIT 1001
    ) w
    LIMIT 1001
),

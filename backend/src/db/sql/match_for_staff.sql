-- The newest thousand parts of tickets that match, internal notes included, from the newest shelf on, by the indexes
-- ticket_words_by_word and ticket_words_by_staff_word. What was excluded ($8, or nothing) is in no part of the ticket. One
-- part more tells whether there are.
reader AS (SELECT true AS sees_notes),
excluded AS MATERIALIZED (SELECT nullif($8::text, '')::tsquery AS query),
matching AS MATERIALIZED (
    SELECT w.ticket_id, w.first_message, coalesce(w.staff_words, w.words) AS words
    FROM shelf s
    CROSS JOIN LATERAL (
        SELECT * FROM ticket_words w
        WHERE w.shelf = s.number
            AND (w.words @@ (SELECT matching FROM query) OR (w.staff_words IS NOT NULL AND w.staff_words @@ (SELECT matching FROM query)))
            AND ((SELECT query FROM excluded) IS NULL OR (
                SELECT NOT bool_or(coalesce(x.staff_words, x.words) @@ (SELECT query FROM excluded))
                FROM ticket_words x WHERE x.ticket_id = w.ticket_id
            ))
        -- Plus nothing: the order of the primary key would be read instead of the words.
        ORDER BY w.ticket_id + 0 DESC LIMIT 1001
    ) w
    LIMIT 1001
),

-- The newest thousand parts of tickets that match and that a user may see, from the newest shelf on, by the index
-- ticket_words_by_live_word. What was excluded ($8, or nothing) is in no part of the ticket. One part more tells whether there are.
reader AS (SELECT false AS sees_notes),
excluded AS MATERIALIZED (SELECT nullif($8::text, '')::tsquery AS query),
matching AS MATERIALIZED (
    SELECT w.ticket_id, w.first_message, w.words
    FROM shelf s
    CROSS JOIN LATERAL (
        SELECT * FROM ticket_words w
        WHERE w.shelf = s.number AND w.live AND w.words @@ (SELECT matching FROM query)
            AND ((SELECT query FROM excluded) IS NULL OR (
                SELECT NOT bool_or(x.words @@ (SELECT query FROM excluded)) FROM ticket_words x WHERE x.ticket_id = w.ticket_id
            ))
        -- Plus nothing: the order of the primary key would be read instead of the words.
        ORDER BY w.ticket_id + 0 DESC LIMIT 1001
    ) w
    LIMIT 1001
),

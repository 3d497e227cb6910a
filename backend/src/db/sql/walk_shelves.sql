-- The shelves that there are, newest first, by the index ticket_words_by_shelf; no more of them are looked up than are read.
shelf AS (
    SELECT max(w.shelf) AS number FROM ticket_words w
    UNION ALL
    SELECT (SELECT max(w.shelf) FROM ticket_words w WHERE w.shelf < s.number) FROM shelf s WHERE s.number IS NOT NULL
),

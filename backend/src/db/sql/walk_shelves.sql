-- The shelves that there are, newest first, by the primary key; no more of them are looked up than are read. Numbers of
-- imported tickets may lie far apart: a search goes from shelf to shelf that is there.
shelf AS (
    SELECT max(w.ticket_id) >> 15 AS number FROM ticket_words w
    UNION ALL
    SELECT (SELECT max(w.ticket_id) >> 15 FROM ticket_words w WHERE w.ticket_id < (s.number << 15))
    FROM shelf s WHERE s.number IS NOT NULL
),

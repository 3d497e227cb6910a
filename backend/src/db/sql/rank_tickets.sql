-- Weighs the matches: a title counts most, a thread least, a rare word more than a common one; how many are affected and
-- how fresh it is tips the scales. The parts of a ticket are weighed apart, and the best one counts.
found AS (SELECT * FROM matching LIMIT 1000),
worthy AS (
    SELECT f.* FROM found f
    WHERE $3::double precision = 0
        OR (SELECT sum(t.weight) FROM term t WHERE f.words @@ t.query) >= $3::double precision
),
best AS (
    SELECT DISTINCT ON (ticket_id) ticket_id, first_message, relevance
    FROM (
        SELECT w.*, (
            SELECT sum(t.weight * ts_rank('{0.3, 0.6, 0.7, 1}', w.words, t.query, 1)) FROM term t
        ) AS relevance
        FROM worthy w
    ) r
    ORDER BY ticket_id, relevance DESC
),
weighed AS MATERIALIZED (
    SELECT t.id, b.first_message, t.status, t.category, b.relevance
        * (1 + 0.15 * ln(1 + t.affected))
        * CASE t.status WHEN 'closed' THEN 0.85 ELSE 1 END
        * (0.85 + 0.15 * exp(-greatest(extract(epoch FROM now() - t.opened_at), 0) / (60 * 86400))) AS score
    FROM best b
    -- One by one, by their numbers: a join might read every ticket there is.
    CROSS JOIN LATERAL (SELECT * FROM tickets WHERE id = b.ticket_id AND merged_into IS NULL OFFSET 0) t
),
counted AS (
    SELECT ARRAY[
        count(*) FILTER (WHERE status = 'open'),
        count(*) FILTER (WHERE status = 'active'),
        count(*) FILTER (WHERE status = 'closed'),
        count(*) FILTER (WHERE category = 'facility'),
        count(*) FILTER (WHERE category = 'it'),
        count(*) FILTER (WHERE category = 'services')
    ] AS counts
    FROM weighed
),
top AS MATERIALIZED (
    SELECT * FROM weighed
    WHERE ($6::text IS NULL OR status = $6) AND ($7::text IS NULL OR category = $7)
    ORDER BY score DESC, id DESC LIMIT $5::bigint
)
-- The counts are answered also where nothing is left to show.
SELECT t.id, p.score::double precision, t.title,
    translate(ts_headline(
        language_of(t.description), translate(left(t.description || coalesce(E'\n' || m.thread, ''), 8000) || coalesce(E'\n' || photo_labels_of(t.id), ''), '<', E'\x01'),
        (SELECT query FROM shown),
        E'StartSel=\x02, StopSel=\x03, MaxFragments=2, MaxWords=22, MinWords=10, FragmentDelimiter=" … "'
    ), E'\x01', '<'),
    t.status, t.category, t.location, t.affected, t.modified_at, ARRAY[u.reported, u.done, u.now], c.counts,
    (SELECT count(*) > 1000 FROM matching)
FROM counted c
LEFT JOIN (top p CROSS JOIN reader r JOIN tickets t ON t.id = p.id) ON true
LEFT JOIN ticket_summaries u ON u.ticket_id = p.id
LEFT JOIN LATERAL (
    SELECT string_agg(n.body, E'\n' ORDER BY n.id) AS thread
    FROM (
        SELECT m.id, m.body FROM messages m
        WHERE m.ticket_id = p.id AND m.id >= p.first_message AND (r.sees_notes OR NOT m.internal)
        ORDER BY m.id LIMIT 8
    ) n
) m ON true
ORDER BY p.score DESC, p.id DESC

-- Articles that match, by the index articles_by_word, weighed as tickets are.
weighed AS MATERIALIZED (
    SELECT a.id, a.category, (
        SELECT sum(t.weight * ts_rank('{0.3, 0.6, 0.7, 1}', a.words, t.query, 1)) FROM term t
    ) AS score
    FROM articles a
    WHERE a.words @@ (SELECT matching FROM query) AND (a.published OR $6::text = 'staff')
        AND (NOT $8 OR ts_filter(a.words, '{a}') @@ (SELECT matching FROM query))
        AND ($3::double precision = 0
            OR (SELECT sum(t.weight) FROM term t WHERE a.words @@ t.query) >= $3::double precision)
),
counted AS (
    SELECT ARRAY[
        0, 0, 0,
        count(*) FILTER (WHERE category = 'facility'),
        count(*) FILTER (WHERE category = 'it'),
        count(*) FILTER (WHERE category = 'services')
    ] AS counts
    FROM weighed
),
top AS MATERIALIZED (
    SELECT * FROM weighed
    WHERE $7::text IS NULL OR category = $7
    ORDER BY score DESC, id DESC LIMIT $5::bigint
)
SELECT a.id, p.score::double precision, a.title,
    translate(ts_headline(
        language_of(a.body), translate(left(a.body, 8000), '<', E'\x01'), (SELECT query FROM shown),
        E'StartSel=\x02, StopSel=\x03, MaxFragments=2, MaxWords=22, MinWords=10, FragmentDelimiter=" … "'
    ), E'\x01', '<'),
    NULL, a.category, NULL, 0, a.modified_at, ARRAY[NULL, NULL, NULL]::text[], c.counts, false
FROM counted c LEFT JOIN (top p JOIN articles a ON a.id = p.id) ON true
ORDER BY p.score DESC, p.id DESC

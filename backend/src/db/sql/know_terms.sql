-- One row for each term asked for ($1), in order: its stems, how common it is, and other spellings where they are wanted
-- ($2: words that begin like it, $3: words that look like it). $4 says whether words of internal notes and drafts count: who
-- may not read them must not learn from a search that they are there. Reads the statistics of the index of words and,
-- through its indexes, known_words.
WITH common AS MATERIALIZED (
    SELECT e.word, e.share
    FROM pg_stats s,
        unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS e (word, share)
    WHERE s.schemaname = 'public' AND s.tablename = 'ticket_words' AND s.attname = 'words'
        AND e.word IS NOT NULL
),
term AS MATERIALIZED (
    SELECT t.text, t.place, unaccent(t.text) AS plain,
        phraseto_tsquery('desk_english', t.text) AS english,
        phraseto_tsquery('desk_german', t.text) AS german,
        phraseto_tsquery('desk_arabic', t.text) AS arabic
    FROM unnest($1::text[]) WITH ORDINALITY AS t (text, place)
)
SELECT
    ARRAY[english::text, german::text, arabic::text],
    numnode(english) = 0 OR numnode(german) = 0 OR numnode(arabic) = 0,
    (SELECT max(c.share) FROM common c WHERE quote_literal(c.word) IN (english::text, german::text)),
    EXISTS (SELECT FROM known_words k WHERE k.word = plain AND ($4 OR NOT k.internal))
        OR EXISTS (
            SELECT FROM known_words k
            WHERE k.stem IN (btrim(english::text, ''''), btrim(german::text, ''''), btrim(arabic::text, ''''))
                AND ($4 OR NOT k.internal)
        ),
    CASE WHEN text = ANY ($2::text[]) THEN ARRAY(
        SELECT ('''' || k.stem || '''') FROM known_words k LEFT JOIN common c ON c.word = k.stem
        WHERE k.word LIKE plain || '%' AND ($4 OR NOT k.internal)
        GROUP BY k.stem ORDER BY max(coalesce(c.share, 0)) DESC, k.stem LIMIT 12
    ) ELSE '{}' END,
    CASE WHEN text = ANY ($3::text[]) THEN ARRAY(
        SELECT DISTINCT k.word || ' ' || k.stem FROM known_words k
        WHERE k.word % plain AND ($4 OR NOT k.internal) ORDER BY 1
    ) ELSE '{}' END
FROM term ORDER BY place

-- One row for each term asked for ($1), in order: its stems, how common it is, and other spellings where they are wanted
-- ($2: words that begin like it, $3: words that look like it, where nobody wrote it). $4 says whether every word counts, or
-- only what a user may find something by: who may not read a note, a draft or a closed ticket must not learn from a search
-- what stands there. Reads the statistics of the index of words and, through its indexes, known_words; few words are
-- looked up in the index of words themselves.
WITH common AS MATERIALIZED (
    SELECT e.word, e.share
    FROM pg_stats s,
        unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS e (word, share)
    WHERE s.schemaname = 'public' AND s.tablename = 'ticket_words' AND s.attname = 'words'
        AND e.word IS NOT NULL
),
newest AS MATERIALIZED (SELECT max(w.ticket_id) >> 15 AS shelf FROM ticket_words w),
asked AS MATERIALIZED (
    SELECT t.text, t.place, unaccent(t.text) AS plain,
        phraseto_tsquery('desk_english', t.text) AS english,
        phraseto_tsquery('desk_german', t.text) AS german,
        phraseto_tsquery('desk_arabic', t.text) AS arabic
    FROM unnest($1::text[]) WITH ORDINALITY AS t (text, place)
),
term AS MATERIALIZED (
    SELECT a.*, EXISTS (
        SELECT FROM (
            SELECT k.stem FROM known_words k WHERE k.word = plain AND ($4 OR NOT k.internal)
            UNION
            SELECT k.stem FROM known_words k
            WHERE k.stem IN (btrim(english::text, ''''), btrim(german::text, ''''), btrim(arabic::text, ''''))
                AND ($4 OR NOT k.internal)
            OFFSET 0
        ) k
        WHERE $4 OR can_be_found(k.stem, (SELECT shelf FROM newest))
    ) AS known
    FROM asked a
)
SELECT
    ARRAY[english::text, german::text, arabic::text],
    numnode(english) = 0 OR numnode(german) = 0 OR numnode(arabic) = 0,
    (SELECT max(c.share) FROM common c WHERE quote_literal(c.word) IN (english::text, german::text, arabic::text)),
    known,
    CASE WHEN text = ANY ($2::text[]) THEN ARRAY(
        SELECT ('''' || l.stem || '''') FROM (
            SELECT k.stem, max(coalesce(c.share, 0)) AS share FROM known_words k LEFT JOIN common c ON c.word = k.stem
            WHERE k.word LIKE plain || '%' AND ($4 OR NOT k.internal)
            GROUP BY k.stem ORDER BY share DESC, k.stem LIMIT 60
        ) l
        WHERE $4 OR can_be_found(l.stem, (SELECT shelf FROM newest))
        ORDER BY l.share DESC, l.stem LIMIT 12
    ) ELSE '{}' END,
    -- A slip makes a word two letters longer or shorter at most.
    CASE WHEN text = ANY ($3::text[]) AND NOT known THEN ARRAY(
        SELECT s.word || ' ' || s.stem FROM (
            SELECT DISTINCT k.word, k.stem, similarity(k.word, plain) AS likeness FROM known_words k
            WHERE k.word % plain AND abs(char_length(k.word) - char_length(text)) <= 2 AND ($4 OR NOT k.internal)
            ORDER BY likeness DESC, k.word, k.stem LIMIT 100
        ) s
        WHERE $4 OR can_be_found(s.stem, (SELECT shelf FROM newest))
        ORDER BY 1
    ) ELSE '{}' END
FROM term ORDER BY place

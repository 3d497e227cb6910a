-- Takes the articles away again.
CREATE OR REPLACE FUNCTION forget_words(gone text[]) RETURNS void LANGUAGE sql AS $$
    DELETE FROM known_words k USING unnest(gone) w
    WHERE k.stem = w
        AND NOT EXISTS (SELECT FROM ticket_words t WHERE t.words @@ quote_literal(w)::tsquery)
        AND NOT (k.internal AND EXISTS (
            SELECT FROM ticket_words t
            WHERE t.staff_words IS NOT NULL AND t.staff_words @@ quote_literal(w)::tsquery
        ))
$$;
DROP TABLE article_votes, articles;
DROP FUNCTION count_vote, guard_article, index_article;

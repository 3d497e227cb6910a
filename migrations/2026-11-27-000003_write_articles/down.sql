-- Takes the articles away again.
CREATE OR REPLACE FUNCTION forget_words(gone text[]) RETURNS void LANGUAGE sql
SET enable_seqscan = off AS $$
    DELETE FROM known_words k USING unnest(gone) w
    WHERE k.stem = w
        AND NOT EXISTS (SELECT FROM ticket_words t WHERE t.words @@ quote_literal(w)::tsquery)
        AND NOT (k.internal AND EXISTS (
            SELECT FROM ticket_words t
            WHERE t.staff_words IS NOT NULL AND t.staff_words @@ quote_literal(w)::tsquery
        ))
$$;
CREATE OR REPLACE FUNCTION can_be_found(stem text, newest_shelf bigint) RETURNS boolean LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_indexscan = off AS $$
DECLARE
    query tsquery := quote_literal(stem)::tsquery;
BEGIN
    RETURN EXISTS (SELECT FROM ticket_words t WHERE t.shelf = newest_shelf AND t.live AND t.words @@ query)
        OR EXISTS (SELECT FROM ticket_words t WHERE t.live AND t.words @@ query);
END $$;
DROP TABLE article_votes, articles;
DROP FUNCTION count_vote, guard_article, index_article;

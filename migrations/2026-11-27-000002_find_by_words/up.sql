-- People find a ticket by its words. The index of words is kept by the database itself, in the transaction of each
-- change, so that a search never shows what is not there any more, and never misses what is.
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- Languages of the desk, all without accents: whoever types «cafe» finds «Café».
CREATE TEXT SEARCH CONFIGURATION desk_english (COPY = pg_catalog.english);
CREATE TEXT SEARCH CONFIGURATION desk_german (COPY = pg_catalog.german);
CREATE TEXT SEARCH CONFIGURATION desk_arabic (COPY = pg_catalog.arabic);
CREATE TEXT SEARCH CONFIGURATION desk_unstemmed (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION desk_unstemmed
    ALTER MAPPING FOR asciiword, word, numword WITH unaccent, simple;
ALTER TEXT SEARCH CONFIGURATION desk_english
    ALTER MAPPING FOR asciiword, word, numword WITH unaccent, english_stem;
ALTER TEXT SEARCH CONFIGURATION desk_german
    ALTER MAPPING FOR asciiword, word, numword WITH unaccent, german_stem;
ALTER TEXT SEARCH CONFIGURATION desk_arabic
    ALTER MAPPING FOR asciiword, word, numword WITH unaccent, arabic_stem;

-- Names are in full in what follows: a dump is restored without a search path.
-- What PostgreSQL's parser would take for a host, a path, a range or a tag is to people two words: «sink.Please», «and/or».
CREATE FUNCTION spaced(body text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(regexp_replace(body, '\m(wi|e)-(?=\w)', '\1', 'gi'), './\_@:-+&=''’<>', '              ')
$$;

-- The language of a text: by its script, or by two of the commonest German words; everything else is read as English.
CREATE FUNCTION language_of(body text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN body ~ '[\u0620-\u064a]' THEN 'public.desk_arabic'::regconfig
        WHEN body ~* '\m(der|die|das|und|ist|nicht|ein|eine|ich|wir|auf|für|mit|im|kein|keine|seit|den|dem|zu)\M.*\m(der|die|das|und|ist|nicht|ein|eine|ich|wir|auf|für|mit|im|kein|keine|seit|den|dem|zu)\M'
            THEN 'public.desk_german'::regconfig
        ELSE 'public.desk_english'::regconfig
    END
$$;

CREATE FUNCTION words_of(body text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector(public.language_of(body), public.spaced(body))
$$;

-- The title weighs most (A), then the place (B), then what is wrong (C), then what was written under it (D).
CREATE FUNCTION ticket_words_of(title text, description text, location text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector(public.language_of(description), public.spaced(title)), 'A')
        || setweight(to_tsvector('public.desk_english', public.spaced(coalesce(location, ''))), 'B')
        || setweight(to_tsvector(public.language_of(description), public.spaced(description)), 'C')
$$;

-- A ticket with a long thread has several rows, each with the words of the ticket and of a few messages, so that one
-- more message costs the same under any thread, and no row grows beyond what a tsvector holds.
CREATE TABLE ticket_words (
    ticket_id bigint NOT NULL REFERENCES tickets (id),
    part integer NOT NULL,
    first_message bigint NOT NULL,
    live boolean NOT NULL,
    shelf bigint NOT NULL,
    words tsvector NOT NULL,
    staff_words tsvector,
    PRIMARY KEY (ticket_id, part)
);
COMMENT ON COLUMN ticket_words.first_message IS 'The part holds the messages from this one up to the next part''s first';
COMMENT ON COLUMN ticket_words.live IS 'Open or active: what a user may find';
COMMENT ON COLUMN ticket_words.shelf IS 'Tickets by age, 32,768 to a shelf: a search takes the newest shelves first';
COMMENT ON COLUMN ticket_words.staff_words IS 'With internal notes; nothing where the part has none';
-- Without the list of pending entries, which every search would have to read through. What users may find is little beside
-- what was ever closed, and has an index of its own.
CREATE INDEX ticket_words_by_word ON ticket_words USING gin (shelf, words) WITH (fastupdate = off);
CREATE INDEX ticket_words_by_live_word ON ticket_words USING gin (shelf, words) WITH (fastupdate = off) WHERE live;
CREATE INDEX ticket_words_by_staff_word ON ticket_words USING gin (shelf, staff_words)
    WITH (fastupdate = off) WHERE staff_words IS NOT NULL;

-- Every word there is, for whoever mistypes one, with the stem that it has in the text it stands in: one word may have
-- several. A plain index: two that find the same new word at once need not wait for each other, and a word that stands
-- here twice does no harm.
CREATE TABLE known_words (
    word text NOT NULL CONSTRAINT known_word_length CHECK (char_length(word) BETWEEN 4 AND 30),
    stem text NOT NULL CONSTRAINT known_word_stem_length CHECK (char_length(stem) BETWEEN 1 AND 30),
    internal boolean NOT NULL
);
COMMENT ON COLUMN known_words.internal IS 'Of an internal note or a draft: for staff alone';
CREATE INDEX known_words_by_word ON known_words (word text_pattern_ops);
CREATE INDEX known_words_by_stem ON known_words (stem);
CREATE INDEX known_words_by_trigram ON known_words USING gin (word gin_trgm_ops) WITH (fastupdate = off);

CREATE FUNCTION stem_of(word text, language regconfig) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce((ts_lexize(
        CASE language
            WHEN 'public.desk_german'::regconfig THEN 'pg_catalog.german_stem'::regdictionary
            WHEN 'public.desk_arabic'::regconfig THEN 'pg_catalog.arabic_stem'::regdictionary
            ELSE 'pg_catalog.english_stem'::regdictionary
        END, word))[1], word)
$$;
-- The words of a text of this language, as `words_of` and `ticket_words_of` read it, so that forget_words finds them again.
CREATE FUNCTION unstemmed_words_of(body text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT w FROM unnest(tsvector_to_array(to_tsvector('public.desk_unstemmed', public.spaced(body)))) w
    WHERE w ~ '^[[:alpha:]]{4,30}$'
$$;
-- In plpgsql, which keeps its plans from call to call. A stem may be longer than its word, where one sign is two letters:
-- such words are left out.
CREATE FUNCTION know_words(body text, language regconfig, is_internal boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO known_words (word, stem, internal)
        SELECT w, s.stem, is_internal
        FROM unstemmed_words_of(body) w CROSS JOIN LATERAL (SELECT stem_of(w, language) AS stem OFFSET 0) s
        WHERE char_length(s.stem) BETWEEN 1 AND 30 AND NOT EXISTS (
            SELECT FROM known_words k WHERE k.word = w AND k.stem = s.stem AND k.internal = is_internal
        );
END $$;

-- What every part of a ticket has: its texts.
CREATE FUNCTION own_words_of(ticket bigint) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT public.ticket_words_of(t.title, t.description, t.location) FROM public.tickets t WHERE t.id = ticket
$$;

-- Writes the words of one part of a ticket anew, from what every part has and the messages of this one.
CREATE FUNCTION write_words(ticket bigint, own tsvector, into_part integer, from_message bigint, to_message bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    public_thread text;
    notes text;
    thread text;
BEGIN
    SELECT string_agg(m.body, E'\n' ORDER BY m.id) FILTER (WHERE NOT m.internal),
           string_agg(m.body, E'\n' ORDER BY m.id) FILTER (WHERE m.internal),
           CASE WHEN bool_or(m.internal) THEN string_agg(m.body, E'\n' ORDER BY m.id) END
        INTO public_thread, notes, thread FROM messages m
        WHERE m.ticket_id = ticket AND m.id >= from_message AND m.id < to_message;
    INSERT INTO ticket_words AS w (ticket_id, part, first_message, live, shelf, words, staff_words)
        SELECT t.id, into_part, from_message, t.status <> 'closed' AND t.merged_into IS NULL, t.id >> 15,
                own || coalesce(setweight(words_of(public_thread), 'D'), ''),
                own || setweight(words_of(thread), 'D')
            FROM tickets t WHERE t.id = ticket
        ON CONFLICT (ticket_id, part) DO UPDATE
            SET live = excluded.live, words = excluded.words, staff_words = excluded.staff_words;
    PERFORM know_words(public_thread, language_of(public_thread), false);
    PERFORM know_words(notes, language_of(thread), true);
END $$;

-- A word that is gone from the last text must not be suggested to anyone: it may be what was redacted. That it is gone
-- is looked up in the index of words; a planner that does not know the word yet might read every ticket.
CREATE FUNCTION forget_words(gone text[]) RETURNS void LANGUAGE sql
SET enable_seqscan = off AS $$
    DELETE FROM known_words k USING unnest(gone) w
    WHERE k.stem = w
        AND NOT EXISTS (SELECT FROM ticket_words t WHERE t.words @@ quote_literal(w)::tsquery)
        AND NOT (k.internal AND EXISTS (
            SELECT FROM ticket_words t
            WHERE t.staff_words IS NOT NULL AND t.staff_words @@ quote_literal(w)::tsquery
        ))
$$;

-- Whether a user may find something by this stem. The newest shelf first: what is common stands there, and what is rare
-- is quickly looked for in all. By the index of words alone: the planner, which does not know the word yet, would hope to
-- meet it early in the table.
CREATE FUNCTION can_be_found(stem text, newest_shelf bigint) RETURNS boolean LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_indexscan = off AS $$
DECLARE
    query tsquery := quote_literal(stem)::tsquery;
BEGIN
    RETURN EXISTS (SELECT FROM ticket_words t WHERE t.shelf = newest_shelf AND t.live AND t.words @@ query)
        OR EXISTS (SELECT FROM ticket_words t WHERE t.live AND t.words @@ query);
END $$;

-- Every word of a ticket, as everyone finds it and as staff do.
CREATE FUNCTION words_now(ticket bigint) RETURNS TABLE (word text, by_staff boolean) LANGUAGE sql STABLE AS $$
    SELECT unnest(tsvector_to_array(t.words)), false FROM public.ticket_words t WHERE t.ticket_id = ticket
    UNION ALL
    SELECT unnest(tsvector_to_array(t.staff_words)), true FROM public.ticket_words t WHERE t.ticket_id = ticket
$$;

-- Writes every part of a ticket anew: its texts or its thread changed other than by one more message.
CREATE FUNCTION rewrite_words(ticket bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    own tsvector := own_words_of(ticket);
    before text[];
    staff_before text[];
BEGIN
    SELECT array_agg(DISTINCT w.word) FILTER (WHERE NOT w.by_staff), array_agg(DISTINCT w.word) FILTER (WHERE w.by_staff)
        INTO before, staff_before FROM words_now(ticket) w;
    DELETE FROM ticket_words WHERE ticket_id = ticket;
    PERFORM know_words(t.title || ' ' || t.description, language_of(t.description), false),
        know_words(t.location, 'public.desk_english', false)
        FROM tickets t WHERE t.id = ticket;
    PERFORM write_words(ticket, own, p.part::integer, p.first_message, lead(p.first_message, 1, 9223372036854775807) OVER (ORDER BY p.part))
        FROM (
            SELECT n.part, CASE n.part WHEN 0 THEN 0 ELSE min(n.id) END AS first_message
            FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / 8 AS part FROM messages WHERE ticket_id = ticket) n
            GROUP BY n.part
        ) p;
    IF NOT FOUND THEN
        PERFORM write_words(ticket, own, 0, 0, 9223372036854775807);
    END IF;
    -- A word that went from what everyone sees may still stand in a note.
    PERFORM forget_words(ARRAY(
        (SELECT unnest(before) EXCEPT SELECT w.word FROM words_now(ticket) w WHERE NOT w.by_staff)
        UNION
        (SELECT unnest(staff_before) EXCEPT SELECT w.word FROM words_now(ticket) w WHERE w.by_staff)
    ));
END $$;

CREATE FUNCTION index_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own tsvector;
BEGIN
    IF current_setting('campusdesk.loading', true) = 'on' THEN
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
        own := ticket_words_of(NEW.title, NEW.description, NEW.location);
        INSERT INTO ticket_words (ticket_id, part, first_message, live, shelf, words)
            VALUES (NEW.id, 0, 0, NEW.status <> 'closed' AND NEW.merged_into IS NULL, NEW.id >> 15, own);
        PERFORM know_words(NEW.title || ' ' || NEW.description, language_of(NEW.description), false);
        PERFORM know_words(NEW.location, 'public.desk_english', false);
    ELSIF (NEW.title, NEW.description, NEW.location) IS DISTINCT FROM (OLD.title, OLD.description, OLD.location) THEN
        PERFORM rewrite_words(NEW.id);
    ELSE
        UPDATE ticket_words SET live = NEW.status <> 'closed' AND NEW.merged_into IS NULL WHERE ticket_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ticket_is_indexed AFTER INSERT ON tickets
    FOR EACH ROW EXECUTE FUNCTION index_ticket();
CREATE TRIGGER ticket_is_indexed_again AFTER UPDATE OF title, description, location, status, merged_into ON tickets
    FOR EACH ROW WHEN (
        (OLD.title, OLD.description, OLD.location, OLD.status, OLD.merged_into)
        IS DISTINCT FROM (NEW.title, NEW.description, NEW.location, NEW.status, NEW.merged_into)
    ) EXECUTE FUNCTION index_ticket();

-- A part holds at most this many messages.
CREATE FUNCTION index_message() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_part ticket_words;
    own tsvector;
BEGIN
    IF current_setting('campusdesk.loading', true) = 'on' THEN
        RETURN NULL;
    END IF;
    own := own_words_of(NEW.ticket_id);
    SELECT * INTO last_part FROM ticket_words
        WHERE ticket_id = NEW.ticket_id ORDER BY part DESC LIMIT 1;
    IF (SELECT count(*) FROM messages
        WHERE ticket_id = NEW.ticket_id AND id >= last_part.first_message AND id < NEW.id) < 8
    THEN
        PERFORM write_words(NEW.ticket_id, own, last_part.part, last_part.first_message, 9223372036854775807);
    ELSE
        PERFORM write_words(NEW.ticket_id, own, last_part.part + 1, NEW.id, 9223372036854775807);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER message_is_indexed AFTER INSERT ON messages
    FOR EACH ROW EXECUTE FUNCTION index_message();

-- Only redaction changes a message.
CREATE FUNCTION index_thread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM rewrite_words(NEW.ticket_id);
    RETURN NULL;
END $$;
CREATE TRIGGER message_is_indexed_again AFTER UPDATE OF body ON messages
    FOR EACH ROW EXECUTE FUNCTION index_thread();

-- The same for many tickets at once. Whoever loads many sets campusdesk.loading for the transaction, and calls this at
-- its end; a long thread is written part by part.
CREATE FUNCTION index_new_tickets() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    newest bigint := (SELECT coalesce(max(ticket_id), 0) FROM ticket_words);
BEGIN
    PERFORM set_config('campusdesk.loading', 'off', true);
    INSERT INTO ticket_words (ticket_id, part, first_message, live, shelf, words, staff_words)
        SELECT t.id, 0, 0, t.status <> 'closed' AND t.merged_into IS NULL, t.id >> 15,
            o.own || coalesce(setweight(words_of(m.public_thread), 'D'), ''), o.own || setweight(words_of(m.thread), 'D')
        FROM tickets t
        CROSS JOIN LATERAL (SELECT ticket_words_of(t.title, t.description, t.location) AS own OFFSET 0) o
        LEFT JOIN (
            SELECT ticket_id, string_agg(body, E'\n' ORDER BY id) FILTER (WHERE NOT internal) AS public_thread,
                CASE WHEN bool_or(internal) THEN string_agg(body, E'\n' ORDER BY id) END AS thread
            FROM messages GROUP BY ticket_id
        ) m ON m.ticket_id = t.id
        WHERE t.id > newest AND t.messages + t.notes <= 8;
    PERFORM rewrite_words(t.id) FROM tickets t WHERE t.id > newest AND t.messages + t.notes > 8;
    INSERT INTO known_words (word, stem, internal)
        SELECT DISTINCT b.word, s.stem, b.internal
        FROM (
            SELECT DISTINCT w AS word, b.language, b.internal
            FROM (
                SELECT t.title || ' ' || t.description AS body, language_of(t.description) AS language, false AS internal
                FROM tickets t WHERE t.id > newest
                UNION ALL
                SELECT t.location, 'desk_english', false FROM tickets t WHERE t.id > newest
                UNION ALL
                SELECT v.body, v.language, v.internal
                FROM tickets t
                CROSS JOIN LATERAL (
                    SELECT string_agg(body, E'\n' ORDER BY id) FILTER (WHERE NOT internal) AS public_thread,
                        string_agg(body, E'\n' ORDER BY id) FILTER (WHERE internal) AS notes,
                        string_agg(body, E'\n' ORDER BY id) AS thread
                    FROM messages WHERE ticket_id = t.id
                ) m
                CROSS JOIN LATERAL (
                    VALUES (m.public_thread, language_of(m.public_thread), false), (m.notes, language_of(m.thread), true)
                ) v (body, language, internal)
                WHERE t.id > newest AND t.messages + t.notes BETWEEN 1 AND 8
            ) b
            CROSS JOIN LATERAL unstemmed_words_of(b.body) w
        ) b
        CROSS JOIN LATERAL (SELECT stem_of(b.word, b.language) AS stem) s
        WHERE char_length(s.stem) BETWEEN 1 AND 30 AND NOT EXISTS (
            SELECT FROM known_words k WHERE k.word = b.word AND k.stem = s.stem AND k.internal = b.internal
        );
END $$;

-- What is there already.
SELECT index_new_tickets();

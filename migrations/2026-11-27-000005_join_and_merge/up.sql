-- Many people have one problem: they join its ticket, or staff merge the tickets they wrote, and can take that back.
CREATE TABLE affected (
    ticket_id bigint NOT NULL REFERENCES tickets (id),
    client uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (ticket_id, client)
);
COMMENT ON COLUMN affected.client IS 'The browser that joined: a secret, never given out';
CREATE INDEX affected_by_client ON affected (client, ticket_id);
CREATE INDEX tickets_by_affected ON tickets (status, affected, id);
CREATE INDEX tickets_by_merged_into ON tickets (merged_into) WHERE merged_into IS NOT NULL;

-- How many others have a ticket's problem: who joined it or one merged into it, and who reported one of those; each
-- browser once, and never the one that reported it.
CREATE FUNCTION count_affected(ticket bigint) RETURNS integer LANGUAGE sql STABLE AS $$
    WITH RECURSIVE family AS (
        SELECT t.id, t.client FROM tickets t WHERE t.id = ticket
        UNION ALL
        SELECT c.id, c.client FROM family f JOIN tickets c ON c.merged_into = f.id
    ),
    browsers AS (
        SELECT a.client FROM affected a JOIN family f ON f.id = a.ticket_id
        UNION
        SELECT f.client FROM family f WHERE f.client IS NOT NULL
    )
    SELECT (
        (SELECT count(*) FROM browsers b
         WHERE b.client IS DISTINCT FROM (SELECT t.client FROM tickets t WHERE t.id = ticket))
        + (SELECT count(*) FROM family f WHERE f.client IS NULL AND f.id <> ticket)
    )::integer
$$;
CREATE FUNCTION recount_affected() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ticket bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.ticket_id ELSE NEW.ticket_id END;
BEGIN
    -- Who leaves a ticket leaves it where it was merged into another, too. Lowest number first, as all do who lock several.
    PERFORM FROM tickets WHERE id IN (
        WITH RECURSIVE above AS (
            SELECT t.id, t.merged_into FROM tickets t WHERE t.id = ticket
            UNION ALL
            SELECT t.id, t.merged_into FROM above a JOIN tickets t ON t.id = a.merged_into
        )
        SELECT a.id FROM above a
    ) ORDER BY id FOR NO KEY UPDATE;
    WITH RECURSIVE above AS (
        SELECT t.id, t.merged_into FROM tickets t WHERE t.id = ticket
        UNION ALL
        SELECT t.id, t.merged_into FROM above a JOIN tickets t ON t.id = a.merged_into
    )
    UPDATE tickets SET affected = count_affected(id) WHERE id IN (SELECT a.id FROM above a);
    RETURN NULL;
END $$;
-- Locked as the count locks it after that: two that join at once wait for each other.
CREATE FUNCTION guard_affected() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ticket tickets;
BEGIN
    SELECT * INTO ticket FROM tickets WHERE id = NEW.ticket_id FOR NO KEY UPDATE;
    IF ticket.merged_into IS NOT NULL THEN
        RAISE EXCEPTION 'ticket % is merged', ticket.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ticket_merged_is_read_only';
    ELSIF ticket.status = 'closed' THEN
        RAISE EXCEPTION 'ticket % is closed', ticket.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ticket_closed_is_read_only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER affected_are_guarded BEFORE INSERT ON affected
    FOR EACH ROW EXECUTE FUNCTION guard_affected();
CREATE TRIGGER affected_are_counted AFTER INSERT OR DELETE ON affected
    FOR EACH ROW EXECUTE FUNCTION recount_affected();

-- A message keeps the ticket it was written under, wherever a merge takes it.
ALTER TABLE messages
    ADD COLUMN origin bigint REFERENCES tickets (id),
    ADD CONSTRAINT message_origin CHECK (origin <> ticket_id);
COMMENT ON COLUMN messages.origin IS 'The ticket it was written under, where a merge took it to another';
CREATE INDEX messages_by_origin ON messages (origin) WHERE origin IS NOT NULL;

CREATE OR REPLACE FUNCTION guard_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (
            SELECT FROM tickets
            WHERE id = NEW.ticket_id AND (closed_at < NEW.created_at OR merged_into IS NOT NULL)
        ) THEN
            RAISE EXCEPTION 'ticket % is closed', NEW.ticket_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ticket_closed_is_read_only';
        END IF;
    ELSIF NEW.body NOT IN (OLD.body, '[redacted]')
        OR coalesce(NEW.origin, NEW.ticket_id) <> coalesce(OLD.origin, OLD.ticket_id)
        OR (to_jsonb(NEW) - 'body' - 'ticket_id' - 'origin') <> (to_jsonb(OLD) - 'body' - 'ticket_id' - 'origin')
    THEN
        RAISE EXCEPTION 'message % can only be redacted or moved by a merge', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'message_fixed';
    END IF;
    RETURN NEW;
END $$;

ALTER TABLE events DROP CONSTRAINT event_what;
ALTER TABLE events
    ADD CONSTRAINT event_what CHECK (
        what IN (
            'reported', 'title', 'description', 'location', 'status', 'category', 'reclassified', 'assignee', 'redacted',
            'merged', 'unmerged'
        )
    ),
    ADD COLUMN moved bigint[],
    ADD CONSTRAINT event_moved CHECK (moved IS NULL OR what = 'merged');
COMMENT ON COLUMN events.moved IS 'The messages that a merge took along, so that undoing it gives exactly those back';

-- A ticket is merged into one that is in use itself, and only while both can be worked on.
CREATE FUNCTION guard_merge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    target tickets;
BEGIN
    IF NEW.merged_into IS NOT NULL THEN
        SELECT * INTO target FROM tickets WHERE id = NEW.merged_into;
        IF target.merged_into IS NOT NULL OR (TG_OP = 'UPDATE' AND OLD.merged_into IS NOT NULL) THEN
            RAISE EXCEPTION 'ticket % or % is merged already', NEW.id, target.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ticket_merged_already';
        END IF;
        IF target.status = 'closed' OR NEW.status = 'closed' THEN
            RAISE EXCEPTION 'ticket % or % is closed', NEW.id, target.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ticket_closed_is_read_only';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER merge_is_guarded BEFORE UPDATE OF merged_into ON tickets
    FOR EACH ROW WHEN (OLD.merged_into IS DISTINCT FROM NEW.merged_into) EXECUTE FUNCTION guard_merge();
CREATE TRIGGER merged_from_the_first_is_guarded BEFORE INSERT ON tickets
    FOR EACH ROW WHEN (NEW.merged_into IS NOT NULL) EXECUTE FUNCTION guard_merge();

-- While a ticket is merged, another stands for it: it is read-only, but for redaction.
CREATE FUNCTION guard_merged_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.title <> OLD.title AND NEW.title <> '[redacted]')
        OR (NEW.description <> OLD.description AND NEW.description <> '[redacted]')
        OR (NEW.location IS DISTINCT FROM OLD.location AND NEW.location IS NOT NULL)
        OR (NEW.status, NEW.category, NEW.category_by, NEW.assignee_id, NEW.resolution)
            IS DISTINCT FROM (OLD.status, OLD.category, OLD.category_by, OLD.assignee_id, OLD.resolution)
    THEN
        RAISE EXCEPTION 'ticket % is merged', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ticket_merged_is_read_only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER merged_ticket_is_guarded BEFORE UPDATE ON tickets
    FOR EACH ROW WHEN (OLD.merged_into IS NOT NULL) EXECUTE FUNCTION guard_merged_ticket();

-- The texts of what was merged into a ticket are found as its own.
CREATE FUNCTION merged_words_of(ticket bigint) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
DECLARE
    words tsvector := '';
    child tickets;
BEGIN
    FOR child IN
        WITH RECURSIVE family AS (
            SELECT t.* FROM tickets t WHERE t.merged_into = ticket
            UNION ALL
            SELECT c.* FROM family f JOIN tickets c ON c.merged_into = f.id
        )
        SELECT * FROM family ORDER BY id LIMIT 20
    LOOP
        words := words || setweight(ticket_words_of(child.title, left(child.description, 2000), child.location), 'C');
    END LOOP;
    RETURN words;
END $$;
CREATE OR REPLACE FUNCTION own_words_of(ticket bigint) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT public.ticket_words_of(t.title, t.description, t.location) || public.merged_words_of(t.id)
    FROM public.tickets t WHERE t.id = ticket
$$;

-- A merge moves words and people from one ticket to the other; undoing it moves them back.
CREATE FUNCTION follow_merge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    target bigint := coalesce(NEW.merged_into, OLD.merged_into);
BEGIN
    PERFORM rewrite_words(NEW.id);
    PERFORM rewrite_words(target);
    UPDATE tickets SET affected = count_affected(id) WHERE id = target;
    RETURN NULL;
END $$;
CREATE TRIGGER merge_is_followed AFTER UPDATE OF merged_into ON tickets
    FOR EACH ROW WHEN (OLD.merged_into IS DISTINCT FROM NEW.merged_into) EXECUTE FUNCTION follow_merge();

-- A text that is redacted in a merged ticket is gone from every ticket that stands for it.
CREATE FUNCTION follow_merged_texts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above bigint := NEW.merged_into;
BEGIN
    WHILE above IS NOT NULL LOOP
        PERFORM rewrite_words(above);
        SELECT merged_into INTO above FROM tickets WHERE id = above;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER merged_texts_are_followed AFTER UPDATE OF title, description, location ON tickets
    FOR EACH ROW WHEN (
        NEW.merged_into IS NOT NULL
        AND (OLD.title, OLD.description, OLD.location) IS DISTINCT FROM (NEW.title, NEW.description, NEW.location)
    ) EXECUTE FUNCTION follow_merged_texts();

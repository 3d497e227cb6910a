-- Takes joining and merging away again. Messages go back to where they were written, and counts and words with them.
CREATE TEMPORARY TABLE apart ON COMMIT DROP AS
    SELECT id FROM tickets WHERE merged_into IS NOT NULL UNION SELECT merged_into FROM tickets WHERE merged_into IS NOT NULL;
DROP TRIGGER merged_texts_are_followed ON tickets;
DROP TRIGGER merged_ticket_is_guarded ON tickets;
DROP TRIGGER merged_from_the_first_is_guarded ON tickets;
DROP TRIGGER merge_is_followed ON tickets;
DROP TRIGGER merge_is_guarded ON tickets;
DROP FUNCTION follow_merged_texts, guard_merged_ticket, follow_merge, guard_merge;
UPDATE messages SET ticket_id = origin, origin = NULL WHERE origin IS NOT NULL;
UPDATE tickets t SET
    merged_into = NULL,
    messages = (SELECT count(*) FROM messages m WHERE m.ticket_id = t.id AND NOT m.internal),
    notes = (SELECT count(*) FROM messages m WHERE m.ticket_id = t.id AND m.internal)
    WHERE t.id IN (SELECT id FROM apart);
UPDATE tickets SET affected = 0 WHERE affected <> 0;
CREATE OR REPLACE FUNCTION own_words_of(ticket bigint) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT public.ticket_words_of(t.title, t.description, t.location) FROM public.tickets t WHERE t.id = ticket
$$;
DROP FUNCTION merged_words_of;
SELECT rewrite_words(id) FROM apart;
ALTER TABLE events DROP CONSTRAINT event_moved, DROP COLUMN moved, DROP CONSTRAINT event_what;
DROP TRIGGER event_is_guarded ON events;
UPDATE events SET what = 'redacted' WHERE what IN ('merged', 'unmerged');
CREATE TRIGGER event_is_guarded BEFORE UPDATE ON events
    FOR EACH ROW EXECUTE FUNCTION guard_event();
ALTER TABLE events ADD CONSTRAINT event_what CHECK (
    what IN (
        'reported', 'title', 'description', 'location', 'status', 'category', 'reclassified', 'assignee', 'redacted'
    )
);
ALTER TABLE messages DROP CONSTRAINT message_origin, DROP COLUMN origin;
CREATE OR REPLACE FUNCTION guard_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (
            SELECT FROM tickets WHERE id = NEW.ticket_id AND closed_at < NEW.created_at
        ) THEN
            RAISE EXCEPTION 'ticket % is closed', NEW.ticket_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ticket_closed_is_read_only';
        END IF;
    ELSIF NEW.body <> '[redacted]' OR (to_jsonb(NEW) - 'body') <> (to_jsonb(OLD) - 'body') THEN
        RAISE EXCEPTION 'message % can only be redacted', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'message_fixed';
    END IF;
    RETURN NEW;
END $$;
DROP INDEX tickets_by_merged_into;
DROP INDEX tickets_by_affected;
DROP TABLE affected;
DROP FUNCTION guard_affected, recount_affected, count_affected;

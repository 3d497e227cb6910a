-- Takes joining and merging away again. Messages go back to where they were written.
DROP TRIGGER merge_is_followed ON tickets;
DROP TRIGGER merge_is_guarded ON tickets;
DROP FUNCTION follow_merge, guard_merge;
UPDATE messages SET ticket_id = origin, origin = NULL WHERE origin IS NOT NULL;
UPDATE tickets SET merged_into = NULL WHERE merged_into IS NOT NULL;
CREATE OR REPLACE FUNCTION write_words(ticket bigint, into_part integer, from_message bigint, to_message bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    own tsvector;
    public_thread text;
    notes text;
    thread text;
    is_live boolean;
BEGIN
    SELECT ticket_words_of(t.title, t.description, t.location), t.status <> 'closed' AND t.merged_into IS NULL
        INTO own, is_live FROM tickets t WHERE t.id = ticket;
    SELECT string_agg(m.body, E'\n' ORDER BY m.id) FILTER (WHERE NOT m.internal),
           string_agg(m.body, E'\n' ORDER BY m.id) FILTER (WHERE m.internal),
           CASE WHEN bool_or(m.internal) THEN string_agg(m.body, E'\n' ORDER BY m.id) END
        INTO public_thread, notes, thread FROM messages m
        WHERE m.ticket_id = ticket AND m.id >= from_message AND m.id < to_message;
    INSERT INTO ticket_words AS w (ticket_id, part, first_message, live, shelf, words, staff_words)
        VALUES (ticket, into_part, from_message, is_live, (ticket >> 15)::integer,
                own || coalesce(setweight(words_of(public_thread), 'D'), ''),
                own || setweight(words_of(thread), 'D'))
        ON CONFLICT (ticket_id, part) DO UPDATE
            SET live = excluded.live, words = excluded.words, staff_words = excluded.staff_words;
    PERFORM know_words(t.title || ' ' || t.description, language_of(t.description), false),
        know_words(t.location, 'public.desk_english', false)
        FROM tickets t WHERE t.id = ticket;
    PERFORM know_words(public_thread, language_of(public_thread), false);
    PERFORM know_words(notes, language_of(thread), true);
END $$;
DROP FUNCTION merged_words_of;
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
DROP FUNCTION recount_affected, count_affected;

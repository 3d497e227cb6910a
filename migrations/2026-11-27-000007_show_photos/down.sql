-- Without photos. Their objects stay in the store. Lines of history that say one was added say from then on that one was
-- redacted: nothing else is left of it.
CREATE TEMPORARY TABLE with_photos ON COMMIT DROP AS
    WITH RECURSIVE line AS (
        SELECT ticket_id AS id FROM images WHERE ticket_id IS NOT NULL
        UNION
        SELECT t.merged_into FROM line l JOIN tickets t ON t.id = l.id WHERE t.merged_into IS NOT NULL
    )
    SELECT id FROM line;
DROP TABLE prediction_jobs, image_labels, predictions, images, photos, desk;
DROP FUNCTION guard_image(), guard_image_removal(), guard_photo(), follow_image(), follow_photo(), follow_label(), guard_label(), index_labels(bigint);

-- As it was made where changes are told apart.
CREATE OR REPLACE FUNCTION guard_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    counted boolean;
BEGIN
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    IF TG_OP = 'INSERT' THEN
        NEW.edited_in := NEW.changed_in;
        RETURN NEW;
    END IF;

    IF (NEW.id, NEW.opened_at) IS DISTINCT FROM (OLD.id, OLD.opened_at)
        OR NEW.activated_at IS DISTINCT FROM coalesce(OLD.activated_at, NEW.activated_at)
    THEN
        RAISE EXCEPTION 'the number and the dates of ticket % stay', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ticket_fixed';
    END IF;
    IF NEW.status <> OLD.status
        AND (OLD.status, NEW.status) NOT IN (('open', 'active'), ('active', 'closed'))
    THEN
        RAISE EXCEPTION 'ticket %: % cannot become %', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ticket_status_step';
    END IF;
    -- A closed ticket is read-only, but for redaction: a text may become the one word that says so.
    IF OLD.status = 'closed' AND (
        (NEW.title <> OLD.title AND NEW.title <> '[redacted]')
        OR (NEW.description <> OLD.description AND NEW.description <> '[redacted]')
        OR (NEW.location IS DISTINCT FROM OLD.location AND NEW.location IS NOT NULL)
        OR (NEW.resolution IS DISTINCT FROM OLD.resolution
            AND NEW.resolution IS DISTINCT FROM '[redacted]')
        OR (NEW.category, NEW.category_by, NEW.assignee_id, NEW.closed_at, NEW.activated_at)
            IS DISTINCT FROM
            (OLD.category, OLD.category_by, OLD.assignee_id, OLD.closed_at, OLD.activated_at)
    ) THEN
        RAISE EXCEPTION 'ticket % is closed', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ticket_closed_is_read_only';
    END IF;

    counted := (NEW.title, NEW.description, NEW.location, NEW.status, NEW.category, NEW.assignee_id)
        IS DISTINCT FROM
        (OLD.title, OLD.description, OLD.location, OLD.status, OLD.category, OLD.assignee_id);
    NEW.version := OLD.version + counted::int;
    -- An internal note moves neither version nor modified_at: a user must not notice it.
    NEW.modified_at := CASE
        WHEN counted OR NEW.messages <> OLD.messages OR NEW.resolution IS DISTINCT FROM OLD.resolution
        THEN greatest(now(), OLD.modified_at)
        ELSE OLD.modified_at
    END;
    -- Whoever sets one of the two asks for a stamp: a redacted message changes the thread but no column.
    IF counted OR NEW.edited_in <> OLD.edited_in
        OR (NEW.category_by, NEW.confidence, NEW.unsure, NEW.resolution, NEW.affected, NEW.merged_into)
            IS DISTINCT FROM
            (OLD.category_by, OLD.confidence, OLD.unsure, OLD.resolution, OLD.affected, OLD.merged_into)
    THEN
        NEW.edited_in := NEW.changed_in;
    END IF;
    IF NEW.messages <> OLD.messages OR NEW.answered_in <> OLD.answered_in THEN
        NEW.answered_in := NEW.changed_in;
    END IF;
    RETURN NEW;
END $$;

-- As it was made where tickets are merged.
CREATE OR REPLACE FUNCTION own_words_of(ticket bigint) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT public.ticket_words_of(t.title, t.description, t.location) || public.merged_words_of(t.id)
    FROM public.tickets t WHERE t.id = ticket
$$;
DROP FUNCTION photo_labels_of(bigint);
SELECT rewrite_words(id) FROM with_photos;

ALTER TABLE events DROP CONSTRAINT event_what;
DROP TRIGGER event_is_guarded ON events;
UPDATE events SET what = 'redacted', to_value = 'photo' WHERE what = 'photo';
CREATE TRIGGER event_is_guarded BEFORE UPDATE ON events
    FOR EACH ROW EXECUTE FUNCTION guard_event();
ALTER TABLE events ADD CONSTRAINT event_what CHECK (
    what IN (
        'reported', 'title', 'description', 'location', 'status', 'category', 'reclassified', 'assignee', 'redacted',
        'merged', 'unmerged'
    )
);

-- Takes the two stamps away, and out of the guard.
-- Derives what nobody may set by hand, and lets a ticket change only as the desk allows.
CREATE OR REPLACE FUNCTION guard_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    counted boolean;
BEGIN
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    IF TG_OP = 'INSERT' THEN
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
    RETURN NEW;
END $$;
ALTER TABLE tickets DROP COLUMN edited_in, DROP COLUMN answered_in;

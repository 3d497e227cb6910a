-- Forgets models and guesses; a reclassification becomes a plain change of category.
DROP TABLE triage_activations;
DROP TABLE triage_models;
DROP FUNCTION guard_triage_model();

DROP TRIGGER event_is_guarded ON events;
UPDATE events SET what = 'category' WHERE what = 'reclassified';
CREATE TRIGGER event_is_guarded BEFORE UPDATE ON events
    FOR EACH ROW EXECUTE FUNCTION guard_event();
ALTER TABLE events DROP CONSTRAINT event_what;
ALTER TABLE events ADD CONSTRAINT event_what CHECK (
    what IN ('reported', 'title', 'description', 'location', 'status', 'category', 'assignee', 'redacted')
);

DROP TRIGGER guess_is_guarded ON tickets;
DROP FUNCTION guard_guess();
ALTER TABLE tickets
    DROP CONSTRAINT ticket_guess_pair,
    DROP COLUMN guess,
    DROP COLUMN guess_model,
    DROP COLUMN reported_confidence,
    DROP COLUMN reported_unsure;

-- A ticket remembers what the classifier said of it and which model that was, so that the desk can tell how often it is
-- right; models that were published are kept, so that one can go back.
ALTER TABLE tickets
    ADD COLUMN guess text
        CONSTRAINT ticket_guess CHECK (guess IN ('facility', 'it', 'services')),
    ADD COLUMN guess_model text
        CONSTRAINT ticket_guess_model_length CHECK (char_length(guess_model) BETWEEN 1 AND 64),
    ADD COLUMN reported_confidence double precision
        CONSTRAINT ticket_reported_confidence CHECK (reported_confidence BETWEEN 0 AND 1),
    ADD COLUMN reported_unsure boolean,
    ADD CONSTRAINT ticket_guess_pair CHECK ((guess IS NULL) = (guess_model IS NULL));
COMMENT ON COLUMN tickets.guess IS 'What the classifier said of the texts as they are, whoever decided the category';
COMMENT ON COLUMN tickets.guess_model IS 'The version of the model that said so';
COMMENT ON COLUMN tickets.reported_confidence IS 'The confidence of the first answer, before any edit';
COMMENT ON COLUMN tickets.reported_unsure IS 'Whether the first answer was unsure, before any edit';

-- What was said of a ticket that is closed stays: the accuracy of a model is counted by it.
CREATE FUNCTION guard_guess() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ticket % is closed', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ticket_closed_is_read_only';
END $$;
CREATE TRIGGER guess_is_guarded BEFORE UPDATE OF guess, guess_model ON tickets
    FOR EACH ROW WHEN (
        OLD.status = 'closed'
        AND (NEW.guess, NEW.guess_model) IS DISTINCT FROM (OLD.guess, OLD.guess_model)
    ) EXECUTE FUNCTION guard_guess();

-- After an edit the classifier may say something else, which is no correction by a person.
ALTER TABLE events DROP CONSTRAINT event_what;
ALTER TABLE events ADD CONSTRAINT event_what CHECK (
    what IN (
        'reported', 'title', 'description', 'location', 'status', 'category', 'reclassified', 'assignee', 'redacted'
    )
);

CREATE TABLE triage_models (
    version text PRIMARY KEY CONSTRAINT triage_model_version CHECK (version ~ '^[0-9a-f]{16}$'),
    file bytea NOT NULL
        CONSTRAINT triage_model_size CHECK (octet_length(file) BETWEEN 1 AND 2097152),
    published_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE triage_activations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version text NOT NULL REFERENCES triage_models (version),
    at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE triage_activations IS 'The last row names the model in use; without one it is the program''s own';

CREATE FUNCTION guard_triage_model() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a model that was published stays as it is'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'triage_model_fixed';
END $$;
CREATE TRIGGER triage_models_stay BEFORE UPDATE ON triage_models
    FOR EACH STATEMENT EXECUTE FUNCTION guard_triage_model();
CREATE TRIGGER triage_activations_stay BEFORE UPDATE ON triage_activations
    FOR EACH STATEMENT EXECUTE FUNCTION guard_triage_model();
CREATE TRIGGER triage_models_are_never_deleted BEFORE DELETE OR TRUNCATE ON triage_models
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER triage_activations_are_never_deleted BEFORE DELETE OR TRUNCATE ON triage_activations
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();

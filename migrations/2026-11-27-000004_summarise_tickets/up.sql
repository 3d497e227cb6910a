-- A ticket has two or three of its own sentences, chosen when it changes, so that a list of results reads no threads.
CREATE TABLE ticket_summaries (
    ticket_id bigint PRIMARY KEY REFERENCES tickets (id),
    reported text
        CONSTRAINT summary_reported_length CHECK (char_length(reported) BETWEEN 1 AND 240),
    done text CONSTRAINT summary_done_length CHECK (char_length(done) BETWEEN 1 AND 240),
    now text CONSTRAINT summary_now_length CHECK (char_length(now) BETWEEN 1 AND 240)
);
COMMENT ON COLUMN ticket_summaries.reported IS 'The sentence of the description that says most';
COMMENT ON COLUMN ticket_summaries.done IS 'That of the last answer of staff that everyone may see';
COMMENT ON COLUMN ticket_summaries.now IS 'That of what users said since, or of the resolution';

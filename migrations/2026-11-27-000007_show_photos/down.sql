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

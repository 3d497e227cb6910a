-- The list of one place.
SELECT t.id, t.title, t.description, t.location, t.status, t.category, t.category_by,
    t.confidence, t.unsure, t.resolution, t.opened_at, t.modified_at, t.activated_at,
    t.closed_at, t.assignee_id, (SELECT s.name FROM staff s WHERE s.id = t.assignee_id),
    t.affected, t.messages, t.notes, t.merged_into, t.version, t.client, t.changed_in
FROM (
    (SELECT * FROM tickets WHERE status = 'open' AND location = :value ORDER BY opened_at DESC, id DESC LIMIT 26)
    UNION ALL (SELECT * FROM tickets WHERE status = 'active' AND location = :value ORDER BY opened_at DESC, id DESC LIMIT 26)
    UNION ALL (SELECT * FROM tickets WHERE status = 'closed' AND location = :value ORDER BY opened_at DESC, id DESC LIMIT 26)
) t
ORDER BY t.opened_at DESC, t.id DESC LIMIT 26;

-- What a browser ($1) reported or joined, below a number ($2), newest first, at most so many ($3). Each as it stands now:
-- where a ticket was merged, by the one that stands for it. Indexes tickets_by_client, affected_by_client, messages_by_ticket.
SELECT r.id, r.title, t.status, r.opened_at, t.modified_at, t.closed_at, t.resolution, r.joined,
    CASE WHEN t.id <> r.id THEN t.id END, m.body
FROM (
    (SELECT o.id, o.title, o.opened_at, false AS joined FROM tickets o
     WHERE o.client = $1 AND o.id < $2 ORDER BY o.id DESC LIMIT $3)
    UNION ALL
    (SELECT j.id, j.title, j.opened_at, true FROM affected a JOIN tickets j ON j.id = a.ticket_id
     WHERE a.client = $1 AND a.ticket_id < $2 AND j.client IS DISTINCT FROM $1 ORDER BY a.ticket_id DESC LIMIT $3)
    ORDER BY id DESC LIMIT $3
) r
CROSS JOIN LATERAL (
    WITH RECURSIVE chain AS (
        SELECT s.id, s.merged_into FROM tickets s WHERE s.id = r.id
        UNION ALL
        SELECT n.id, n.merged_into FROM chain c JOIN tickets n ON n.id = c.merged_into
    )
    SELECT id FROM chain WHERE merged_into IS NULL
) e
JOIN tickets t ON t.id = e.id
LEFT JOIN LATERAL (
    SELECT body FROM messages
    WHERE ticket_id = t.id AND NOT internal AND author_role = 'staff' AND body <> '[redacted]'
    ORDER BY id DESC LIMIT 1
) m ON true
ORDER BY r.id DESC

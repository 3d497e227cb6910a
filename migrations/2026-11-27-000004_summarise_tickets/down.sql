-- Takes the summaries away again.
DROP TABLE ticket_summaries;

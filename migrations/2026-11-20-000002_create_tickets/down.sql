-- Takes tickets away again.
DROP TABLE tickets;
DROP FUNCTION guard_ticket();

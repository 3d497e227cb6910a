-- Takes history away again.
DROP TABLE events;
DROP FUNCTION guard_event();

-- Takes the thread away again.
DROP TABLE messages;
DROP FUNCTION guard_message();

-- Takes the roster away again.
DROP TABLE staff;
DROP FUNCTION refuse_removal();

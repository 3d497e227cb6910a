-- Takes the suggestions away again.
DROP TABLE locations;

-- Places named before, suggested while somebody types. Kept apart so that a suggestion never scans tickets.
CREATE TABLE locations (
    name text PRIMARY KEY CONSTRAINT location_name_length CHECK (char_length(name) BETWEEN 1 AND 200)
);
CREATE INDEX locations_by_prefix ON locations (lower(name) text_pattern_ops, name);

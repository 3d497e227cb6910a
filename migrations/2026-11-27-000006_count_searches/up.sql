-- What people look for and whether they find it, by day and without anybody's name: where the knowledge base has a gap.
CREATE TABLE searches (
    day date NOT NULL,
    query text NOT NULL CONSTRAINT search_query_length CHECK (char_length(query) BETWEEN 1 AND 500),
    asked integer NOT NULL DEFAULT 0 CONSTRAINT search_asked CHECK (asked >= 0),
    empty integer NOT NULL DEFAULT 0,
    opened integer NOT NULL DEFAULT 0,
    PRIMARY KEY (day, query),
    CONSTRAINT search_counts CHECK (empty >= 0 AND opened >= 0 AND empty + opened <= asked)
);
COMMENT ON COLUMN searches.query IS 'The words as they were looked for, in small letters';
COMMENT ON COLUMN searches.empty IS 'How often nothing was found';
COMMENT ON COLUMN searches.opened IS 'How often a result was opened';

CREATE TABLE article_uses (
    day date NOT NULL,
    article_id bigint NOT NULL REFERENCES articles (id),
    shown integer NOT NULL DEFAULT 0 CONSTRAINT article_use_shown CHECK (shown >= 0),
    opened integer NOT NULL DEFAULT 0,
    stopped integer NOT NULL DEFAULT 0,
    PRIMARY KEY (day, article_id),
    CONSTRAINT article_use_counts CHECK (opened BETWEEN 0 AND shown AND stopped BETWEEN 0 AND opened)
);
COMMENT ON TABLE article_uses IS 'Articles beside reports that were being written';
COMMENT ON COLUMN article_uses.stopped IS 'How often the report was then not sent';
CREATE INDEX article_uses_by_article ON article_uses (article_id);

-- What is looked for: $1 each term as a query on stems, $2 what each is worth, $3 the least worth that a match must have,
-- $4 the query that a match must meet, $5 how many at most, $6 only this status, $7 only this category.
WITH RECURSIVE term AS MATERIALIZED (
    SELECT t.query::tsquery AS query, t.weight FROM unnest($1::text[], $2::real[]) AS t (query, weight)
),
-- Read once, and not for every row that is looked at.
query AS MATERIALIZED (SELECT $4::text::tsquery AS matching),
shown AS MATERIALIZED (SELECT string_agg(query::text, ' | ')::tsquery AS query FROM term),

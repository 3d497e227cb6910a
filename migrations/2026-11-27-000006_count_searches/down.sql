-- Takes the counts of searches away again.
DROP TABLE article_uses, searches;

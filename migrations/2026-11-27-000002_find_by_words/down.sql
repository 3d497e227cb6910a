-- Takes the index of words away again.
DROP TRIGGER message_is_indexed_again ON messages;
DROP TRIGGER message_is_indexed ON messages;
DROP TRIGGER ticket_is_indexed_again ON tickets;
DROP TRIGGER ticket_is_indexed ON tickets;
DROP FUNCTION index_thread, index_message, index_ticket, index_new_tickets, rewrite_words, words_now, write_words, own_words_of, forget_words, can_be_found, know_words, unstemmed_words_of, stem_of;
DROP TABLE known_words, ticket_words;
DROP FUNCTION ticket_words_of, words_of, language_of, spaced;
DROP TEXT SEARCH CONFIGURATION desk_unstemmed;
DROP TEXT SEARCH CONFIGURATION desk_english;
DROP TEXT SEARCH CONFIGURATION desk_german;
DROP TEXT SEARCH CONFIGURATION desk_arabic;
DROP EXTENSION btree_gin;
DROP EXTENSION pg_trgm;
DROP EXTENSION unaccent;

create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
create text search configuration c (parser = p);
alter text search configuration c add mapping for word with simple;
create table t (a text, words tsvector generated always as (to_tsvector('c', a)) stored);
create index t_words on t using gin (words);

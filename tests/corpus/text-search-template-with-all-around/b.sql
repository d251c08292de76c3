create function init(internal) returns internal language internal as 'dsimple_init';
create text search template t (init = init, lexize = dsimple_lexize);
create text search dictionary d (template = t, stopwords = 'english');
create text search configuration c (parser = "default");
alter text search configuration c add mapping for word with d;
create table docs (a text);
create index docs_words on docs using gin (to_tsvector('c', a));
create view hits as select a from docs where to_tsvector('c', a) @@ 'x';

create extension hstore;
revoke execute on function each(hstore) from public;
grant usage on type hstore to corpus_reader with grant option;

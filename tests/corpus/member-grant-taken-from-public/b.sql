create extension hstore;
revoke execute on function akeys(hstore) from public;
revoke usage on type hstore from public;
grant usage on type hstore to corpus_reader;

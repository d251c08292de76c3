create extension hstore;
create extension pg_stat_statements;
grant execute on function hstore(text, text) to corpus_reader, corpus_other with grant option;
revoke execute on function akeys(hstore) from public;
grant execute on function pg_reload_conf() to corpus_reader;
revoke usage on type hstore from public;
grant select on pg_authid to corpus_reader;

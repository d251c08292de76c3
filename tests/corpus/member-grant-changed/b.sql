create extension hstore;
create extension pg_stat_statements;
grant execute on function hstore(text, text) to corpus_reader;
revoke execute on function pg_sleep(double precision) from public;
revoke usage on language plpgsql from public;
grant usage on language plpgsql to corpus_reader;
revoke select on pg_stat_statements from public;
grant select (query) on pg_stat_statements to corpus_reader;
grant select (oid, rolname) on pg_authid to corpus_reader;

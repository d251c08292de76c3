create schema app;
alter default privileges in schema app grant select on tables to corpus_reader;
alter default privileges for role corpus_owner revoke execute on functions from public;
alter default privileges grant usage on sequences to corpus_reader with grant option;

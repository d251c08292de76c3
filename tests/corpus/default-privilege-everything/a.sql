create schema app;
alter default privileges for role corpus_owner in schema app grant select, insert on tables to corpus_reader;
alter default privileges for role corpus_owner grant usage on types to corpus_reader with grant option;
alter default privileges for role corpus_other revoke usage on types from public;
alter default privileges for role corpus_other revoke truncate on tables from corpus_other;

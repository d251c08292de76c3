create schema "New n";
alter default privileges in schema "New n" grant select on tables to public;
alter default privileges for role corpus_other in schema "New n" grant usage on types to corpus_reader;
alter default privileges for role corpus_owner grant select on tables to corpus_owner;

create schema gone;
alter default privileges in schema gone grant select on tables to corpus_reader with grant option;
alter default privileges for role corpus_other in schema gone grant all on functions to corpus_reader, corpus_owner;
alter default privileges for role corpus_owner revoke all on tables from corpus_owner;

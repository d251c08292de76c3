create schema "New one" authorization corpus_owner;
create type "New one".mood as enum ('sad');
create schema app;
drop schema public;
comment on schema app is 'it''s \ mine';
grant usage on schema app to corpus_reader;

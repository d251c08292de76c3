create schema "Odd";
create type "Odd"."My ""Mood""" as enum ('it''s', 'back\slash', '"', '');
create type "Odd".nothing as enum ();
create table t (id int, m "Odd"."My ""Mood""" default 'it''s', ms "Odd"."My ""Mood"""[]);
create domain "Odd".d as "Odd"."My ""Mood""" check (value <> '"');
create function same_mood(m "Odd"."My ""Mood""") returns "Odd"."My ""Mood""" language sql as 'select m';
grant usage on type "Odd".nothing to corpus_reader;
comment on type "Odd".nothing is 'nothing';
alter type "Odd".nothing owner to corpus_owner;

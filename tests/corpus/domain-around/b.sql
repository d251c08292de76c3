create schema s;
create domain s."Odd name" as varchar(5) collate "C" default 'it''s' not null
  constraint "Long ""enough""" check (length(value) > 1) check (value <> 'no');
create domain s.nested as s."Odd name"[] default array['ab'];
create domain s.numbers as numeric(5, 2)[];
create function s.one() returns int language sql as 'select 1';
create domain s.computed as int default s.one() + 1;
create table s.t (a s."Odd name", b s.numbers, c s.computed);
grant usage on domain s.numbers to corpus_reader;
comment on domain s."Odd name" is 'odd';
alter domain s.numbers owner to corpus_owner;

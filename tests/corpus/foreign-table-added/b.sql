create extension file_fdw;
create server files foreign data wrapper file_fdw;
create type mood as enum ('sad', 'ok');
create function one() returns int language sql as 'select 1';
create foreign table "Odd" (
  a int not null default one(),
  "b c" text options (force_null 'true') collate "C",
  m mood default 'sad' check (m <> 'ok'),
  d int generated always as (a + 1) stored,
  constraint positive check (a > 0) no inherit
) server files options (filename '/tmp/it''s.csv', format 'csv');
alter foreign table "Odd" alter a set statistics 7, alter a set (n_distinct = 5), alter "b c" set storage external;
create foreign table nothing () server files options (filename '/dev/null');
create view of_it as select a from "Odd";
alter foreign table "Odd" owner to corpus_owner;
comment on foreign table "Odd" is 'far';
comment on column "Odd"."b c" is 'column';
grant select, insert on "Odd" to corpus_reader;
grant update ("b c") on "Odd" to corpus_other;

-- postgresql >= 14
create table t (id int primary key, a int default 1 not null, b int generated always as (a * 2) stored, constraint pos check (a > 0), constraint once unique (a));
create index t_a on t ((a + 1)) where a > 5;
create table r (a int references t (a));
create view v as select id, a, b from t where a > 1;
create materialized view m as select a, count(*) as n from v group by a;
create unique index m_a on m (a);
alter table t enable row level security;
create policy p on t using (a > 0) with check (a < 1000);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger trg before update of a on t for each row when (old.a <> new.a) execute function f();
create rule ru as on insert to t where new.a = 13 do also select 1;
create statistics st on id, a from t;
create function g() returns setof t stable language sql begin atomic select * from t where a > 0; end;
grant select (a) on t to corpus_reader;
comment on column t.a is 'the a';

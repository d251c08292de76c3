create table t (
  id int primary key, a varchar(9), b varchar(9) default case when 'x'::varchar in ('x', 'y') then 'é' end, c bpchar,
  check (a in ('x', 'é') or c in ('x', 'y')), check (a not in ('q', b, 'r'))
);
create domain d as varchar check (value not in ('x', 'é'));
create index i on t (a) where a in ('x', 'y');
create index e on t ((a in ('x', 'y')));
create view v as select id, case when a in ('x', 'y') then b end as b from t;
create policy p on t using (a in ('x', 'y')) with check (b not in ('x', 'y'));
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before insert on t for each row when (new.a in ('x', 'y')) execute function f();
create rule r as on update to t where old.a in ('x', 'y') do instead nothing;

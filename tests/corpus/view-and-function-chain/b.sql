create table t (a bigint, b text);
create view v1 as select a, b from t;
create function f1() returns setof v1 language sql stable as 'select * from public.v1';
create view v2 as select a from f1();
create function f2(x v2) returns int language sql immutable as 'select x.a::int';
create view v3 as select f2(v2) as doubled from v2;
grant select on v3 to corpus_reader;
grant execute on function f1() to corpus_reader;
comment on function f2(v2) is 'of a view';

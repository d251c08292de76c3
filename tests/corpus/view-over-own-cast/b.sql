create type pair as (x int, y int);
create function of_pair(pair) returns text language sql immutable as $$ select $1.x || ':' || $1.y $$;
create cast (pair as text) with function of_pair(pair) as implicit;
create cast (pair as int) with inout;
create table t (p pair, shown text default row(1, 2)::pair::text, check (length(p::text) > 1));
create view v as select p::text as shown, p::int as n, upper(p) as loud from t;
create index t_p on t ((p::text));
create function f(pair) returns text language sql as 'select $1::text';

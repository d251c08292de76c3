create type pt as (x int, y text);
create table typed of pt (x not null);
create table t (id int, p pt);
create view v as select id, (p).x from t;
create function x_of(p pt) returns int language sql as 'select (p).x';
create view w as select x_of(p) as x from t;

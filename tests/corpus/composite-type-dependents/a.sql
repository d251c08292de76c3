create type pt as (x int, gone int);
create table typed of pt (x not null);
create table t (id int, p pt);
create view v as select id, (p).x, (p).gone from t;
create function x_of(p pt) returns int language sql as 'select (p).x';
create view w as select x_of(p) as x from t;

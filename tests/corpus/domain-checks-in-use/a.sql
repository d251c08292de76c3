create domain d as text default 'x' constraint one check (value <> '') constraint two check (length(value) < 100);
create domain above as d check (value <> 'no');
create table t (a d, c above);
create view v as select a from t;
create function f(d) returns d language sql as 'select $1';

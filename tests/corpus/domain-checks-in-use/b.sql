create domain d as text constraint one check (value <> ' ') constraint three check (length(value) < 50);
alter domain d add constraint later check (value !~ '\d') not valid;
create domain above as d check (value <> 'never');
create table t (a d, c above);
create view v as select a from t;
create function f(d) returns d language sql as 'select $1';

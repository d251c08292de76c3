create table p (id int, k int) partition by list (k);
create table p1 partition of p for values in (1);
create table other (id int primary key);
create function f() returns trigger language plpgsql as 'begin return new; end';

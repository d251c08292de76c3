-- postgresql >= 18
create table t (a int, constraint c1 check (a > 0), constraint c2 check (a > 1) not enforced);

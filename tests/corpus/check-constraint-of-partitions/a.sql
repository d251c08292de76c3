create table p (k int, a int, constraint c1 check (a > 0)) partition by list (k);
create table p1 partition of p for values in (1);

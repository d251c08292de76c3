create table p (k int, a int, b int generated always as (a + 1) stored) partition by list (k);
create table p1 partition of p for values in (1);

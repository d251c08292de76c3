create table p (k text, v int) partition by list (k);
create table p_a partition of p for values in ('a', 'b');

create table p (k text, v int) partition by list (k);
create table p_a partition of p for values in ('a', 'b');
create table p_null partition of p for values in (null, 'n');
create table p_rest partition of p default;

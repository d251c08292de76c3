create table p (region text, at date, v int) partition by list (region);
create table p_eu partition of p for values in ('eu');

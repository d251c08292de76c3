create table p (region text, at date, v int) partition by list (region);
create table p_eu partition of p for values in ('eu') partition by range (at);
create table p_eu_old partition of p_eu for values from (minvalue) to ('2020-01-01');
create table p_eu_new partition of p_eu for values from ('2020-01-01') to (maxvalue);
create table p_us partition of p for values in ('us') partition by hash (v);
create table p_us_0 partition of p_us for values with (modulus 1, remainder 0);

create table p (a int, b int, c int, constraint ac unique (c, a)) partition by hash (a);
create table p0 partition of p for values with (modulus 1, remainder 0);
alter table p0 add constraint own unique (b);

create table p (a int, b int, unique (a, b)) partition by hash (a);
create table p0 partition of p for values with (modulus 1, remainder 0);

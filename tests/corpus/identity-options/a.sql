-- postgresql >= 14
create table t (a int generated always as identity (start 5), b bigint generated always as identity (increment by -1), c int2 generated always as identity, d int generated always as identity (sequence name odd increment 2));

create table t (a int2, b numeric(6, 1), c varchar(8), d timestamptz(0), e varchar(3), f interval day to second(0));

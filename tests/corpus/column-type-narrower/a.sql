create table t (a int8, b numeric(10, 4), c text, d timestamptz(6), e varchar(20), f interval);

create table t (a int2, b int, c varchar(10), d date, e char(3), f numeric(10, 2), g bit(3), h timestamp, i float4);

create table t (a int8, b numeric, c text, d timestamp, e varchar(5), f numeric(12, 3), g varbit, h date, i float8);

create table t (a text compression pglz, b text, c varchar(5) compression pglz);

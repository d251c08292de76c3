create table t (a int, b int);
create index t_a on t (a);
create index t_b on t (b);
update pg_index set indisvalid = false where indexrelid = 't_a'::regclass;

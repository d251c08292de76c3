create table t (a text, b int, c timestamptz);
create index t_a on t (a) where a in ('one', 'two');
create index t_b on t (b) where b between 1 and 10 or b is null;
create index t_c on t (c desc nulls last) include (b);

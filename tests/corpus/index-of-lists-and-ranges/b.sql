create table t (a text, b int, c timestamptz);
create index t_a on t (a) where a in ('one', 'two', 'it''s');
create index t_b on t (b) where b not between 1 and 10;
create index t_c on t (c nulls first) include (a);
create index t_like on t (a text_pattern_ops, lower(a) collate "C" desc) where a like 'x%' and not (a ilike '%y');

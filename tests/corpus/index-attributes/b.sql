create table t (a int, b text);
create unique index i on t (a desc nulls last) where b in ('x', 'y');
create index e on t (lower(b) text_pattern_ops) with (fillfactor = 50);
alter index e alter column 1 set statistics 7;

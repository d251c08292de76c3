create table t (a text, b int, c text);
alter table t alter a set storage external, alter a set statistics 50, alter b set (n_distinct = 3), alter c set storage main;
comment on column t.a is 'kept';
grant select (a), update (b) on t to corpus_reader;

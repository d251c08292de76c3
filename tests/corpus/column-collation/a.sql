create table t (a text, b text collate "C", c varchar(10) collate "POSIX", d text collate "C", k text);
create index t_a on t (a);

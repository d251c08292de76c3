create table t (a text collate "C", b text, c varchar(10) collate "C", d varchar(5) collate "C", k text[] collate "C");
create index t_a on t (a);

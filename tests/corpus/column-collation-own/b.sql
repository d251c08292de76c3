create collation german (provider = libc, locale = 'C');
create table t (a text collate german, b text);
create index on t (a collate "C", b collate german);

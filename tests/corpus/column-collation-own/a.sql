create collation german (provider = libc, locale = 'C');
create table t (a text, b text collate german);

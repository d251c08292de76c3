create collation gone from "C";
create collation altered (provider = libc, locale = 'C');
create table t (id int, name text);

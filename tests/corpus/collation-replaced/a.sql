create collation c (provider = icu, locale = 'de');
create table t (id int, name text collate c);

create collation c (provider = icu, locale = 'fr');
create table t (id int, name text collate c);

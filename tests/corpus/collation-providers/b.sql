create schema "Odd";
create collation altered (provider = icu, locale = 'de');
create collation "Odd"."Case less" (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
create collation mixed (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX');
create table t (id int, name text collate "Odd"."Case less");
create index t_name on t (name collate altered);
create domain d as text collate altered;
comment on collation altered is 'German';
alter collation mixed owner to corpus_owner;

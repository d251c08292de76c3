create extension hstore;
create table t (id int, tags hstore);

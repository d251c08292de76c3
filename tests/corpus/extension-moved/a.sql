create schema one;
create schema two;
create extension hstore schema one;
create table t (a one.hstore);

create sequence s start 1 minvalue 1 maxvalue 100;
create sequence down_to increment -1 minvalue -100 maxvalue -1 start -1;
create sequence typed as smallint;
create table t (id serial primary key, n int default nextval('s'));

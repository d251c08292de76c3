create sequence s;
create table t (id serial, n int);
create sequence o;

create sequence s increment 5 minvalue -3 maxvalue 9223372036854775806 start 2 cache 7 cycle;
create table t (id serial, n int);
create sequence o owned by t.n;

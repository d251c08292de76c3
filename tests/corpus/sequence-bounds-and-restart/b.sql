create sequence s start 50 minvalue 5 maxvalue 9000000000 increment 5 cache 10 cycle;
create sequence down_to increment 1 minvalue -100 maxvalue 100 start 0;
create sequence typed as bigint maxvalue 5000000000;
create table t (id bigserial primary key, n bigint default nextval('s'));

create table p (field3 int);
create table q (id bigint);
create sequence q_id_seq owned by q.id;
alter table q alter id set default nextval('q_id_seq');
create table c (field polygon) inherits (q);

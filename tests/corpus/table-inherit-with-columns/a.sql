create table p (id bigint);
create sequence p_id_seq owned by p.id;
alter table p alter id set default nextval('p_id_seq');
create table c (field polygon) inherits (p);

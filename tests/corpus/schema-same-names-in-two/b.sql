create schema one;
create schema two;
create table one.t (id bigint primary key);
create table two.t (id int primary key, one_id bigint references one.t);
create view two.v as select t.id, o.id as other from two.t join one.t o on o.id = t.one_id;

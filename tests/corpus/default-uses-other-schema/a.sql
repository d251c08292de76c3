create schema util;
create function util.next_id() returns bigint language sql as 'select 1::bigint';
create table t (id bigint default util.next_id());

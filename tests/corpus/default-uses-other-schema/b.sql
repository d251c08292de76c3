create schema util;
create function util.next_uuid() returns uuid language sql as 'select gen_random_uuid()';
create table t (id uuid default util.next_uuid());

create table p (id int not null, k int not null, note text default 'p') partition by list (k);
create table p1 partition of p for values in (1) with (fillfactor = 70);
alter table p1 alter note set default 'p1';
alter table p1 add check (id > 0);
create index p1_id on p1 (id);
comment on table p1 is 'first';
create table p2 partition of p (note default 'p2') for values in (2);
alter table p2 alter note set storage external;
grant select on p2 to corpus_reader;

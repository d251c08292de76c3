create table p (id int not null, k int not null, primary key (id)) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p for values from (10) to (20);
create unique index p1_k on p1 (k);
create unique index p_k on p (id, k);
alter table p replica identity using index p_k;
alter table p2 replica identity nothing;

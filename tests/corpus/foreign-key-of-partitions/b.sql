create table o (id int primary key);
create table p (id int, k int, primary key (id, k)) partition by list (k);
create table p1 partition of p for values in (1);
create table p2 partition of p default;
create table c (id int, k int, o_id int, constraint to_p foreign key (id, k) references p on delete cascade, foreign key (o_id) references o) partition by hash (id);
create table c0 partition of c for values with (modulus 1, remainder 0);
alter table p1 add constraint own foreign key (id) references o;

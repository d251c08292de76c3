create table p (id int primary key, k text unique);
create table c (a int references p on delete restrict, b int references p on delete set null, c int references p on update set null on delete cascade, d text references p (k) on update restrict, e int default 1 references p on update set default on delete no action);

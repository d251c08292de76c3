create table p (id int primary key, k text unique);
create table c (a int references p, b int references p on delete cascade, c int references p on update cascade, d text references p (k), e int default 1 references p on delete set default);

create schema s;
create table s.p (id int primary key, k int unique);
create table p (id int primary key);
create table c (a int, constraint "new name" foreign key (a) references p, constraint other foreign key (a) references s.p (k));
comment on constraint other on c is 'of k';

create table a (id int);
create table b (id int);
alter table b force row level security;
create table c (id int);
alter table c enable row level security;

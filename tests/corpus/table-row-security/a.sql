create table a (id int);
alter table a enable row level security;
create table b (id int);
create table c (id int);
alter table c enable row level security;
alter table c force row level security;

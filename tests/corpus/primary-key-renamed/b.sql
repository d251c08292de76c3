create table a (id int constraint "A pk" primary key);
create table b (a_id int references a);
comment on constraint "A pk" on a is 'named';

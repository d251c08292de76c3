create schema gone;
create table gone.t (id int primary key, note text);
create view gone.v as select note from gone.t;
create table kept (id int primary key);

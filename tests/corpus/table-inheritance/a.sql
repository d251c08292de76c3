create table base (id int primary key, name text not null, check (id > 0));
create table child (extra int) inherits (base);
create table loose (id int not null, name text not null, more int, check (id > 0));

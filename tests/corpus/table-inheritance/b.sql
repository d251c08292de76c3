create table base (id int primary key, name text not null, added int, check (id > 0));
create table child (extra int, other text) inherits (base);
create table loose (id int not null, name text not null, added int, more int, check (id > 0));

create type address as (street text, city text, zip int);
create table home of address;

create type address as (street text, city text, zip int);
create table home of address (street not null, zip with options default 0, primary key (city), check (zip >= 0));
create table office of address;

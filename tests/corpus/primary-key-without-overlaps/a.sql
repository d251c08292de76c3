-- postgresql >= 18
create table booking (room int4range, during daterange, who text);

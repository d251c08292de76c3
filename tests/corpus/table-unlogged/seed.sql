insert into cache values ('a', '1'), ('b', null);
insert into log values (1), (2);

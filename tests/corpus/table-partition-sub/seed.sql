insert into p values ('eu', '2019-01-01', 1), ('eu', '2021-01-01', 2);

insert into p values (1, '2020-05-05'), (2, '2021-05-05');
insert into t values (1, '2020-05-05');
insert into parted values (1, '2020-05-05');

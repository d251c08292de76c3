insert into p_2020 values (1, '2020-05-05');
insert into p_2021 values (2, '2021-05-05');

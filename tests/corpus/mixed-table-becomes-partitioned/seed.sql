insert into log values (1, '2019-05-05', 'old'), (2, '2021-06-06', null);

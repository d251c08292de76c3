insert into p values (1, 'k');
insert into c values (1, 1, 1, 'k', 1);

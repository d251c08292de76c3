insert into base values (1, 'one');
insert into child values (2, 'two', 20);
insert into loose values (3, 'three', 30);

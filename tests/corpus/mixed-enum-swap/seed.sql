insert into t values (1, 'new', '{open}'), (2, 'done', null);
insert into u values ('open', default, 'new');

insert into t values ('new');
insert into u values ('(new)', 'new', 'new');

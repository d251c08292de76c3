insert into t (note) values ('one'), ('two');

create foreign data wrapper one;
create server s foreign data wrapper one options (host 'h');
create foreign table t (a int not null) server s options (at 'x');
create view v as select a from t;
grant select on t to corpus_reader;
comment on server s is 'far';

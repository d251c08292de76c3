create table t (a bigint, b varchar(10), c int);
create view v1 as select a, b, c from t;
create view v2 as select a, upper(b) as b from v1;
create view v3 as select v2.a, v1.b from v2 join v1 using (a);
grant select on v3 to corpus_reader;
comment on view v2 is 'two';
comment on column v3.a is 'the a';

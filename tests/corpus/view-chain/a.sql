create table t (a int, b text, c int);
create view v1 as select a, b from t;
create view v2 as select a, upper(b) as b from v1;
create view v3 as select v2.a, v1.b from v2 join v1 using (a);
grant select on v3 to corpus_reader;
comment on view v2 is 'two';
comment on column v3.a is 'the a';

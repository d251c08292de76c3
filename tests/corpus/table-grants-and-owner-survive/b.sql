create table t (a bigint, b varchar(20));
alter table t owner to corpus_owner;
grant select, insert on t to corpus_reader;
grant update (a) on t to corpus_other;
create view v as select a, b from t;
alter view v owner to corpus_other;
grant select on v to corpus_reader;
comment on view v is 'seen';

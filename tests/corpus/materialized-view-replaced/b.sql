create table t (a int, b text);
create materialized view m as select a, b from t;
create unique index m_a on m (a);
create view above as select a from m;
grant select on m to corpus_reader;
comment on materialized view m is 'kept';
comment on column m.a is 'column kept';
alter materialized view m owner to corpus_owner;

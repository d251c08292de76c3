create text search configuration one (copy = english);
create text search configuration gone (parser = "default");
create table t (a text);
create index on t using gin (to_tsvector('one', a));
create view v as select to_tsvector('one', a) as words from t;

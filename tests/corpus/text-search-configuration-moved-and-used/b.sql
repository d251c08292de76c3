create schema one;
create schema two;
create text search configuration two."C c" (copy = english);
create table t (a text default 'x', words tsvector generated always as (to_tsvector('two."C c"', a)) stored);
create function hits(text) returns setof t language sql as $$ select * from t where words @@ to_tsquery('two."C c"', $1) $$;
comment on text search configuration two."C c" is 'moved';
alter text search configuration two."C c" owner to corpus_owner;

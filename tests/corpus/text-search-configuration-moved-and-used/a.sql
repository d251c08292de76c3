create schema one;
create text search configuration one."C c" (copy = english);
create table t (a text default 'x', words tsvector generated always as (to_tsvector('one."C c"', a)) stored);
create function hits(text) returns setof t language sql as $$ select * from t where words @@ to_tsquery('one."C c"', $1) $$;

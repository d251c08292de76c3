create table t (a text default 'it''s', b text default E'a\\b', c json, d text default 'x;y');

create table t (a text default 'it''s "so"', b text default E'tab\there', c json default '{"a": [1, "b;"]}', d text default $$a'b$$);

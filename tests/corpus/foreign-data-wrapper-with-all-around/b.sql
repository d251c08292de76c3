create foreign data wrapper "W w" options (a '1');
create server s foreign data wrapper "W w";
grant usage on foreign data wrapper "W w" to corpus_reader with grant option;
create foreign table t (a int) server s;

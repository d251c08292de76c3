create foreign data wrapper w;
create server s type 'kind' foreign data wrapper w options (host 'x');
create user mapping for corpus_other server s;
create user mapping for public server s;
create foreign table t (a int) server s;

create foreign data wrapper w;
create server s foreign data wrapper w;
create user mapping for corpus_other server s;

create foreign data wrapper w;
create server two foreign data wrapper w;
create user mapping for corpus_other server two;

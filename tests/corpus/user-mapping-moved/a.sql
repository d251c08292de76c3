create foreign data wrapper w;
create server one foreign data wrapper w;
create user mapping for corpus_other server one;

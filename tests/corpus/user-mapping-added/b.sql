create foreign data wrapper w;
create server s foreign data wrapper w;
create server "Second" foreign data wrapper w;
create user mapping for public server "Second";
create user mapping for corpus_reader server s;

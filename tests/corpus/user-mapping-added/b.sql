create foreign data wrapper w;
create server s foreign data wrapper w;
create server "Second" foreign data wrapper w;
create user mapping for public server "Second" options (password 'secret');
create user mapping for corpus_reader server s options (user 'me', password 'secret');

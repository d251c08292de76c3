create foreign data wrapper w;
create server s foreign data wrapper w options (host 'x');
create user mapping for corpus_other server s options (user 'me', password 'two');

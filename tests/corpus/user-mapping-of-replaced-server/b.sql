create foreign data wrapper one;
create foreign data wrapper two;
create server s foreign data wrapper two;
create user mapping for corpus_reader server s options (user 'u', password 'p');

create foreign data wrapper one;
create server s foreign data wrapper one;
create user mapping for corpus_reader server s options (user 'u', password 'p');

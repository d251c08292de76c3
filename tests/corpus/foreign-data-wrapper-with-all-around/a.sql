create foreign data wrapper w options (a '1');
create server s foreign data wrapper w;
grant usage on foreign data wrapper w to corpus_reader;
alter foreign data wrapper w owner to current_user;

create foreign data wrapper w;
create server s type 'kind' version '1' foreign data wrapper w options (host 'one', port '1');
create server retyped type 'a' foreign data wrapper w;
create foreign table retyped_table (a int) server retyped;
create server unversioned version '2' foreign data wrapper w;
create server gone foreign data wrapper w;
grant usage on foreign server s to corpus_reader;
alter server s owner to corpus_other;

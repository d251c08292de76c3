create foreign data wrapper w;
create server s type 'kind' version '2' foreign data wrapper w options (host 'two', dbname 'd');
create server retyped type 'b' foreign data wrapper w;
create foreign table retyped_table (a int) server retyped;
create server unversioned foreign data wrapper w;
create server "Added one" foreign data wrapper w;
alter server s owner to corpus_owner;
comment on server s is 'far away';
grant usage on foreign server s to corpus_other with grant option;

create schema app authorization corpus_owner;
comment on schema app is 'the application''s';
grant usage on schema app to corpus_reader;
create table app.t (id int);

create schema app;
alter default privileges grant select on tables to corpus_reader;
create table app.old (a int);

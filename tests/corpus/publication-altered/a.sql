create table t (a int primary key, b int);
create table u (a int primary key);
create publication p for table t with (publish = 'insert');
create publication everything for table t, u;
create publication gone;
alter publication p owner to corpus_other;

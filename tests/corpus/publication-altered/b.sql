create table t (a int primary key, b int);
create table u (a int primary key);
create publication p for table t with (publish = 'update, delete', publish_via_partition_root = true);
create publication everything for all tables;
create publication "Empty one";
alter publication p owner to corpus_owner;
comment on publication p is 'out';

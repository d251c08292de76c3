create table t (added int);
create table u ();

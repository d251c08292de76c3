create table t ();
create table u (gone int);

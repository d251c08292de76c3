create sequence s1;
create sequence s2;
create table t (a int default nextval('s1'), b int);
alter sequence s2 owned by t.b;

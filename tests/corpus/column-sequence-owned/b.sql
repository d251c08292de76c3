create sequence s1;
create sequence s2;
create table t (a int default nextval('s1'), b int default nextval('s2'));
alter sequence s1 owned by t.a;
create sequence s3 owned by t.b;

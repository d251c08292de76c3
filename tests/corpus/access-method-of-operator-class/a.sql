-- postgresql >= 18
create access method am type index handler bthandler;
create operator class c for type int using am as operator 1 <, operator 3 =, function 1 btint4cmp(int, int);
create table t (a int);
create index t_a on t using am (a c);

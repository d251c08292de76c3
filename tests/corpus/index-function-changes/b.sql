create function key_of(x text) returns int immutable language sql as 'select length(x)';
create table t (a text);
create index i on t (key_of(a));
create index kept on t (a);

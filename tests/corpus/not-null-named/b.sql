create table t (a int constraint a_here not null, b int constraint "B there" not null, c int constraint c_there not null, "D d" int not null);
comment on constraint "B there" on t is 'never null';

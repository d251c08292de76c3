create table t (a int not null, b int, c text not null, d text not null, e int not null check (e > 0));

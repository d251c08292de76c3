create table t (a int default 1, b text default '2', c text default 'on', d varchar(5) default 'x', e int default 0);

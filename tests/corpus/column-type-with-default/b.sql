create table t (a bigint default 1, b int default 2, c boolean default true, d varchar(9) default 'x', e numeric(4, 1) default 0.5);

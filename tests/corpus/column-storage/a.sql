create table t (a text, b text, c numeric, d jsonb, e int[]);
alter table t alter b set storage external, alter c set storage plain, alter d set storage main;

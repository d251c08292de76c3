create table t (a text, b text, c numeric, d jsonb, e int[]);
alter table t alter a set storage main, alter c set storage extended, alter d set storage plain, alter e set storage external;

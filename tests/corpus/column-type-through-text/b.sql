create table t (
  a timestamp default '2020-01-01', b jsonb default '{}', c text default 'one', d char(3)[] default '{}', e bigint, f "char" default 'a',
  g int default 0
);

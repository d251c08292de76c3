create table t (
  a bigint default 0, b json default '{}', c int default 1, d text default 'a,b', e timestamptz, f char(3) default 'abc',
  g boolean default true
);

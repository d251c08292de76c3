create type pt as (x int, y int);
comment on column pt.x is 'across';

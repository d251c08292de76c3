-- postgresql >= 18
create foreign data wrapper w;
create server s foreign data wrapper w;
create foreign table t (a int constraint mine not null no inherit, b int not null, c int) server s;
alter foreign table t add constraint late not null c not valid;
comment on constraint mine on t is 'of mine';

create type level as enum ('low', 'mid', 'high');
create table p (k int, l level default 'low') partition by list (l);
create table p_low partition of p for values in ('low');
create table t (l level, constraint either check (l in ('low', 'high')));

create table t (a int, note text);
create table p (a int) partition by list (a);
create rule one as on update to t do also (select 1; select 'a;' as b);
create rule two as on delete to t do instead notify noted;
alter table t enable always rule two;
create rule three as on insert to t where new.a > 1 do instead nothing;
alter table t disable rule three;
create rule parts as on insert to p do instead nothing;
alter table p enable replica rule parts;

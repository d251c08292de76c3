create table t (a int, note text);
create table p (a int) partition by list (a);
create rule one as on update to t do also select 1;
create rule two as on delete to t do instead nothing;
create rule three as on insert to t where new.a > 0 do instead nothing;
alter table t disable rule three;
create rule parts as on insert to p do instead nothing;

create schema audit;
create function audit.log_change() returns trigger language plpgsql as 'begin return new; end';
create table t (a bigint, b int);
create trigger trg before insert or update of a on t for each row when (new.a > 0) execute function audit.log_change('x');
alter table t enable always trigger trg;

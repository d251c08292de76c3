create schema s;
create function s.call() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create function s.check_it(oid) returns void language c as '$libdir/plpgsql', 'plpgsql_validator';
create language one handler s.call validator s.check_it;
create function uses() returns int language one as 'begin return 1; end';
create view v as select uses() as a;

create function call() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create function check_it(oid) returns void language c as '$libdir/plpgsql', 'plpgsql_validator';
create language one handler call validator check_it;
create function uses() returns int language one as 'begin return 1; end';
create view v as select uses() as a;

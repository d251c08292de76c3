create function call() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create function call2() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create function inline(internal) returns void language c as '$libdir/plpgsql', 'plpgsql_inline_handler';
create function validate(oid) returns void language c as '$libdir/plpgsql', 'plpgsql_validator';
create language one handler call;
create trusted language two handler call inline inline validator validate;
create language gone handler call;
create function uses() returns int language two as 'begin return 1; end';

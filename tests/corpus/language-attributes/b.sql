create function call() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create function call2() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create function inline(internal) returns void language c as '$libdir/plpgsql', 'plpgsql_inline_handler';
create function validate(oid) returns void language c as '$libdir/plpgsql', 'plpgsql_validator';
create trusted language one handler call validator validate;
create language two handler call2 inline inline;
create trusted language "New 1" handler call inline inline validator validate;
create function uses() returns int language two as 'begin return 1; end';

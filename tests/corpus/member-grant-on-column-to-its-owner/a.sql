create extension hstore;
grant select (stanullfrac) on pg_statistic to current_user;
grant select (rolname) on pg_authid to current_user with grant option;

create extension citext;
create extension hstore;
create function f() returns int language sql as 'select 1';
create function g() returns int language sql as 'select 1';
create procedure p() language sql as 'select 1';
alter function g() depends on extension citext;

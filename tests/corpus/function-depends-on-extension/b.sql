create extension citext;
create extension hstore;
create function f() returns int language sql as 'select 2';
create function g() returns int language sql as 'select 2';
create procedure p() language sql as 'select 1';
alter function f() depends on extension citext;
alter function g() depends on extension citext;
alter function g() depends on extension hstore;
alter procedure p() depends on extension hstore;

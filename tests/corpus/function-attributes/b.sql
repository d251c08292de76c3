create function f(a int) returns int language sql as 'select a + 1';
create function g(b int) returns int language plpgsql stable strict security definer parallel safe cost 5
  set search_path = '' as 'begin return b; end';
create function h(a int, b int default 2) returns int language sql as 'select a';
create function o(a bigint) returns int language sql as 'select 1';

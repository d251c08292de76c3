create schema s;
create type s."T" as (a int);
create function s.to_t(internal) returns s."T" language internal stable strict as 'record_recv';
create transform for s."T" language plpgsql (to sql with function s.to_t(internal));
create function f(a s."T") returns int language plpgsql transform for type s."T" as 'begin return 1; end';

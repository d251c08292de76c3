create schema s;
create type s."T" as (a int);
create function s.to_t(internal) returns s."T" language internal stable strict as 'record_recv';
create function s.from_t(internal) returns internal language internal stable strict as 'record_send';
create transform for s."T" language plpgsql (from sql with function s.from_t(internal), to sql with function s.to_t(internal));
create function f(a s."T") returns int language plpgsql transform for type s."T" as 'begin return 2; end';
comment on transform for s."T" language plpgsql is 'both ways';

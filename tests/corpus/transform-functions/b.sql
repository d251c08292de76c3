create type t as enum ('a');
create function to_t(internal) returns t language internal stable strict as 'enum_recv';
create transform for int language sql (from sql with function prsd_lextype(internal));
create transform for bigint language sql (from sql with function prsd_lextype(internal), to sql with function int8recv(internal));
create transform for t language plpgsql (to sql with function to_t(internal));

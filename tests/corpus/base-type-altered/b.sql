create type set_in_place;
create function set_in_place_in(cstring) returns set_in_place language internal immutable strict as 'textin';
create function set_in_place_out(set_in_place) returns cstring language internal immutable strict as 'textout';
create function set_in_place_recv(internal) returns set_in_place language internal stable strict as 'textrecv';
create type set_in_place (input = set_in_place_in, output = set_in_place_out, receive = set_in_place_recv,
  typmod_in = varchartypmodin, typmod_out = varchartypmodout, analyze = ts_typanalyze, storage = main);
create table t (s set_in_place);
create type made_anew;
create function made_anew_in(cstring) returns made_anew language internal immutable strict as 'textin';
create function made_anew_out(made_anew) returns cstring language internal immutable strict as 'textout';
create type made_anew (input = made_anew_in, output = made_anew_out, delimiter = ';', alignment = double);
create function uses(made_anew) returns int language internal as 'textlen';
comment on function made_anew_in(cstring) is 'stays';
comment on type made_anew is 'stays';

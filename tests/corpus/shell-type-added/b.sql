create schema "Odd";
create type "Odd"."My shell";
comment on type "Odd"."My shell" is 'to be';
create type emptied;
create type filled;
create function filled_in(cstring) returns filled language internal immutable strict as 'textin';
create function filled_out(filled) returns cstring language internal immutable strict as 'textout';
create type filled (input = filled_in, output = filled_out);
alter type "Odd"."My shell" owner to corpus_owner;

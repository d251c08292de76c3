create type gone;
create type filled;
create type emptied;
create function emptied_in(cstring) returns emptied language internal immutable strict as 'textin';
create function emptied_out(emptied) returns cstring language internal immutable strict as 'textout';
create type emptied (input = emptied_in, output = emptied_out);

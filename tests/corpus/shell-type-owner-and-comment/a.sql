create type kept;
create type owned;
create schema one;
create type one.moves;

create type kept;
comment on type kept is 'not yet';
create type owned;
alter type owned owner to corpus_other;
create schema one;
create schema two;
create type two.moves;

create schema "S 1";
create function lexize(internal, internal, internal, internal) returns internal language internal as 'dsimple_lexize';
create text search template one (lexize = lexize, init = dsimple_init);
create text search template "S 1"."New" (lexize = dsimple_lexize, init = dsimple_init);
create text search dictionary d (template = one);

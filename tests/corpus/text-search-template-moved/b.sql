create schema two;
create text search template two.t (init = dsimple_init, lexize = dsimple_lexize);
create text search dictionary d (template = two.t, stopwords = 'english');
create text search template "Same t" (lexize = dsimple_lexize);
comment on text search template "Same t" is 'bare';

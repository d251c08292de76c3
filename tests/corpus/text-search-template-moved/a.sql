create schema one;
create text search template one.t (init = dsimple_init, lexize = dsimple_lexize);
create text search dictionary d (template = one.t, stopwords = 'english');
create text search template "Same t" (lexize = dsimple_lexize);

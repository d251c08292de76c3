create text search template one (lexize = dsimple_lexize, init = dsimple_init);
create text search template gone (lexize = dsimple_lexize);
create text search dictionary d (template = one);

create schema s;
create text search template tm (init = dsimple_init, lexize = dsimple_lexize);
create text search dictionary one (template = simple, stopwords = 'english');
create text search dictionary s."D d" (template = simple);
comment on text search dictionary s."D d" is 'two';
alter text search dictionary s."D d" owner to corpus_owner;
create text search configuration c (parser = "default");
alter text search configuration c add mapping for word with one, s."D d";

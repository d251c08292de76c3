create text search dictionary one (template = snowball, language = 'english', stopwords = 'english');
create text search dictionary two (template = simple);
create text search dictionary three (template = simple, stopwords = 'english', accept = false);
create text search dictionary gone (template = simple);
create text search dictionary other (template = simple);
create text search configuration c (parser = "default");
alter text search configuration c add mapping for word with one, three;
create table t (a text);
create index on t using gin (to_tsvector('c', a));

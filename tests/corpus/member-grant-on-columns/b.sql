grant select (rolname, rolsuper) on pg_authid to corpus_reader;
grant update (stanullfrac) on pg_statistic to corpus_reader with grant option;

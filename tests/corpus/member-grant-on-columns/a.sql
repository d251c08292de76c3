grant select (rolname) on pg_authid to corpus_reader;
grant select on pg_statistic to corpus_reader;

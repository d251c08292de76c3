create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
create text search configuration one (parser = "default");
alter text search configuration one add mapping for word with simple;

create table t (during tsrange, constraint other exclude using gist (during with -|-));

create aggregate total(int) (sfunc = int4pl, stype = int);
create aggregate old(*) (sfunc = int8inc, stype = int8, initcond = '0');

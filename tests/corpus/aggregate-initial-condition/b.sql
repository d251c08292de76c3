create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0', parallel = safe);
create aggregate new(*) (sfunc = int8inc, stype = int8, initcond = '0');

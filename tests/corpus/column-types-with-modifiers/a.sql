create table t (
  a varchar(5)[], b timestamp(3), c interval day to second(2), d numeric(5), e bit varying(4), f "char", g name, h time(0) with time zone[],
  i char, j interval year
);

create table t (
  a varchar(7)[], b timestamp(6), c interval hour, d numeric(7, 2), e bit(4), f char(1), g varchar(63), h time(3) with time zone[],
  i char(5), j interval
);

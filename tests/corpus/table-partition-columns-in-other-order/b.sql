create table p (a int, b text, c int) partition by list (a);
create table p1 (c int, a int, gone int, b text);
alter table p1 drop gone;
alter table p attach partition p1 for values in (1);

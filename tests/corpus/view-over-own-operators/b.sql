create type money_of as (amount int, currency text);
create function same_money(a money_of, b money_of) returns boolean language sql immutable
  as 'select a.amount = b.amount and a.currency = b.currency';
create operator === (leftarg = money_of, rightarg = money_of, function = same_money, commutator = ===);
create table t (a money_of, b money_of);
create view v as select a === b as same, b === a as again from t;
create index t_same on t ((a === b));

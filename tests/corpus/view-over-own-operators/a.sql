create type money_of as (amount int, currency text);
create function same_money(money_of, money_of) returns boolean language sql immutable as 'select $1.amount = $2.amount';
create operator === (leftarg = money_of, rightarg = money_of, function = same_money);
create table t (a money_of, b money_of);
create view v as select a === b as same from t;
create index t_same on t ((a === b));

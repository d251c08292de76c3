create type money_of as (amount int, currency text);
create function amount(money_of) returns int language sql immutable as 'select $1.amount';
create cast (money_of as int) with function amount(money_of);

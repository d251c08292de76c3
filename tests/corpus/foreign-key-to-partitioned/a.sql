create table p (id int not null, at date not null) partition by range (at);
create table p_2020 partition of p for values from ('2020-01-01') to ('2021-01-01');
create table p_rest partition of p default;
create table t (p_id int, p_at date);
create table parted (p_id int, p_at date) partition by list (p_id);
create table parted_1 partition of parted for values in (1);

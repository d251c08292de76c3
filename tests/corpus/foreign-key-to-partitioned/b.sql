create table p (id int not null, at date not null, primary key (id, at)) partition by range (at);
create table p_2020 partition of p for values from ('2020-01-01') to ('2021-01-01');
create table p_rest partition of p default;
create table p_2022 partition of p for values from ('2022-01-01') to ('2023-01-01');
create table t (p_id int, p_at date, foreign key (p_id, p_at) references p);
create table parted (p_id int, p_at date, foreign key (p_id, p_at) references p on delete cascade) partition by list (p_id);
create table parted_1 partition of parted for values in (1);

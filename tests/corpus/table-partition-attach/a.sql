create table p (id int not null, at date not null) partition by range (at);
create table p_2020 (id int not null, at date not null);
create table p_2021 partition of p for values from ('2021-01-01') to ('2022-01-01');

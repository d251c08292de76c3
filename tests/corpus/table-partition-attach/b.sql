create table p (id int not null, at date not null) partition by range (at);
create table p_2020 partition of p for values from ('2020-01-01') to ('2021-01-01');
create table p_2021 (id int not null, at date not null);

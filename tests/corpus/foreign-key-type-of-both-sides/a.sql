create table p (id int primary key);
create table c (id int primary key, p_id int not null references p on delete cascade);
create table d (c_id int references c, p_id int references p);

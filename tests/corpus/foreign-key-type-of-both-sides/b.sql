create table p (id uuid primary key);
create table c (id bigint primary key, p_id uuid not null references p on delete cascade);
create table d (c_id bigint references c, p_id uuid references p);

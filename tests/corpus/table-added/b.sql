create table users (
  id bigint generated always as identity primary key,
  email text not null unique,
  age int check (age > 0),
  boss bigint references users
);
create index on users (age);
comment on table users is 'people';
comment on column users.age is 'in years';
grant select on users to corpus_reader;

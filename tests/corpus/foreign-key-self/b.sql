create table t (id int primary key, parent int references t on delete cascade, root int constraint "to root" references t deferrable initially deferred);

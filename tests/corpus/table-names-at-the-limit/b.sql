create table "this is a table whose name is as long as a name may be, sixty-th" (id int primary key, "the same for a column of it, which is just as long as that, or more" int unique);
create index on "this is a table whose name is as long as a name may be, sixty-th" ("the same for a column of it, which is just as long as that, or more");

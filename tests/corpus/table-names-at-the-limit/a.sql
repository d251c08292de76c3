create table "this is a table whose name is as long as a name may be, sixty-three bytes" (id int);

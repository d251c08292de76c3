insert into users values (1);
insert into app.users values (1);
insert into app.t values (1, 1);

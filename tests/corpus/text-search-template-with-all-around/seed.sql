insert into docs values ('some words');

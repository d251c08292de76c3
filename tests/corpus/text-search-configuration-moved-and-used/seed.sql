insert into t values ('some words');

create table t (id int, s text not null default 'a');

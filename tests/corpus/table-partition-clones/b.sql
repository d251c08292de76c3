create table p (id int, k int, primary key (id, k)) partition by list (k);
create table p1 partition of p for values in (1);
create table other (id int primary key);
alter table p add foreign key (id) references other;
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger trg after insert on p for each row execute function f();

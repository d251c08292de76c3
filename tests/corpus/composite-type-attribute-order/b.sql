create type pt as (y int, x int, z varchar(5) collate "C");

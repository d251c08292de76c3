create table t ("A" bigint, "b c" text collate "C", "order" int not null, "d""e" int default 5, "f'g" int generated always as ("order" + "d""e") stored, "h\i" text default '\');
alter table t alter "b c" set storage external;
comment on column t."f'g" is 'it''s "quoted" \here';

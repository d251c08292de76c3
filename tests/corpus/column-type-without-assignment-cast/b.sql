create table t (a int, b date, c uuid, d jsonb, e boolean, f inet, g bytea);

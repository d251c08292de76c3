import { expect, test } from "vitest";
import { sync, syncPlan } from "../../../src/sync/sync.ts";
import { query, syncPair } from "../../support/sync.ts";

/** Every sort of table and column that needs care. */
const SCHEMA = `
  create type mood as enum ('sad', 'it''s ok', 'happy');
  create domain positive as int check (value > 0);
  create type pair as (a int, b text);
  create table "Odd ""Name""" ("Id" int generated always as identity primary key, "a column" text not null, doubled text generated always as ("a column" || "a column") stored);
  create table node (id serial primary key, parent int references node, other int);
  create table husband (id int primary key, wife int);
  create table wife (id int primary key, husband int references husband deferrable initially deferred);
  alter table husband add foreign key (wife) references wife;
  create table composite (a int, b text, note text, primary key (a, b));
  create table refers (id bigserial primary key, a int, b text, foreign key (a, b) references composite on delete cascade);
  create table measurement (at timestamptz not null, device int not null, value float8, primary key (at, device)) partition by range (at);
  create table measurement_old partition of measurement for values from (minvalue) to ('2024-01-01');
  create table measurement_new partition of measurement for values from ('2024-01-01') to (maxvalue) partition by hash (device);
  create table measurement_new_0 partition of measurement_new for values with (modulus 2, remainder 0);
  create table measurement_new_1 partition of measurement_new for values with (modulus 2, remainder 1);
  create table every (id uuid primary key, m mood, ms mood[], p positive, ps positive[], c pair, t text[], i int[][], j jsonb, js json,
    b bytea, r int4range, mr tstzrange, n numeric(20, 5), f float8, ts timestamptz, d date, iv interval, x xml, bit bit varying(9), ip inet, oddity regclass);
  create table parent (id int primary key, v text);
  create table child (extra text) inherits (parent);
  create index on every using gin (t);
  create unique index refers_expression on refers (lower(b), id);
  create view nodes as select * from node;
  create materialized view counted as select count(*) as n from nodes;
  create function forbid() returns trigger language plpgsql as $$ begin raise exception 'a trigger fired'; end $$;
  create trigger forbid before insert on node for each row execute function forbid();
  create trigger forbid_part before insert on measurement_old for each row execute function forbid();
  alter table node enable always trigger forbid;
  create rule quiet as on insert to parent do instead nothing`;

const ROWS = `
  alter table node disable trigger forbid; alter table measurement disable trigger all; alter table measurement_old disable trigger all; alter table parent disable rule quiet;
  insert into "Odd ""Name""" ("a column") select E'tab\\there, \\\\N and \\\\ and line\\nbreak ü ' || i from generate_series(1, 50) i;
  insert into node (parent) values (null); insert into node (parent, other) select i, i * 7 from generate_series(1, 3000) i;
  set constraints all deferred; alter table husband disable trigger all;
  insert into husband select i, i from generate_series(1, 20) i; insert into wife select i, 21 - i from generate_series(1, 20) i;
  insert into composite select i, 'b' || i, repeat('large ', 20000) from generate_series(1, 30) i;
  insert into refers (a, b) select i, 'b' || i from generate_series(1, 30) i; insert into refers (a, b) values (7, null);
  insert into measurement select '2023-06-01'::timestamptz + i * interval '1 hour', i % 7, i / 3.0 from generate_series(1, 12000) i;
  insert into every values (gen_random_uuid(), 'it''s ok', array['sad', null]::mood[], 7, array[7]::positive[], row(7, 'x"y\\'), array['a,b', '', null, 'NULL', '{"x"}'],
    array[array[1, 2], array[3, null]], '{"a": [1, 2.50, "\\u00fc"]}', '{"a" :  1}', '\\x00ff5c0a', '[1,5)', '["2024-01-01 00:00+02",)', 12345.67891, 'NaN', '2024-05-05 12:00:00.123456+02', 'infinity',
    '1 year 2 days 00:00:01', '<a/>', '1010', '::1', 'node'), (gen_random_uuid(), null, '{}', null, null, null, null, null, null, null, '', 'empty', null, 'NaN', '-Infinity', null, null, null, null, '', null, null);
  insert into parent values (1, 'p'); insert into child values (2, 'c', 'e');
  select setval('node_id_seq', 5000)`;

const TABLES = [
  "child",
  "composite",
  "every",
  "husband",
  "measurement",
  "node",
  '"Odd ""Name"""',
  "parent",
  "refers",
  "wife",
];

const INDEXES = `select pg_get_indexdef(indexrelid) as is from pg_index
  where indisvalid and indrelid::regclass::text !~ '^pg_' order by 1`;

const contents = (url: string) =>
  Promise.all(
    TABLES.map((table) =>
      query(url, `select t::text as row from ${table === "parent" ? "only parent" : table} t order by 1`),
    ),
  );

test.each([{ inPlace: false }, { inPlace: true }])("a copy of everything is the same: %j", async (mode) => {
  await using pair = await syncPair(SCHEMA, ROWS);
  const result = await sync(pair.request(mode));
  expect(await contents(pair.target.url)).toEqual(await contents(pair.source.url));
  expect(result).toMatchObject({ ok: true, anonymized: false, warnings: [] });
  expect(result.tables["public.measurement"]).toBe(12000);
  const state = `
    select (select count(*) from pg_constraint where contype = 'f' and convalidated) as keys,
      (select string_agg(tgrelid::regclass || ' ' || tgname || tgenabled::text, ',' order by tgrelid::regclass::text) from pg_trigger where not tgisinternal) as triggers,
      (select last_value from node_id_seq) as sequence, (select n from counted) as counted,
      (select ev_enabled from pg_rewrite where rulename = 'quiet') as rule,
      to_regnamespace('confiture') as left`;
  const indexes = await query(pair.source.url, INDEXES);
  expect(indexes.length).toBeGreaterThan(10);
  expect(await query(pair.target.url, INDEXES)).toEqual(indexes);
  expect(await query(pair.target.url, state)).toEqual([
    {
      keys: 4,
      triggers: "measurement_old forbid_partO,node forbidA",
      sequence: 5000,
      counted: 3001,
      rule: "O",
      left: null,
    },
  ]);
});

test("rows travel in the binary format where it means the same on every server", async () => {
  const schema = `
    create domain positive as int check (value > 0);
    create type mood as enum ('sad', 'happy');
    create table plain (a int[], b positive, c mood);
    create table lists (a positive[]);
    create table moods (a mood[])`;
  await using pair = await syncPair(schema, "insert into lists values (array[1, 2]::positive[])");
  const { tables } = await syncPlan(pair.request());
  expect(tables.map(({ table, format }) => [table, format])).toEqual([
    ["public.lists", "text"],
    ["public.moods", "text"],
    ["public.plain", "binary"],
  ]);
  expect((await sync(pair.request())).total_rows).toBe(1);
});

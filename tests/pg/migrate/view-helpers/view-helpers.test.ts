import { expect, test } from "vitest";
import { ensureViewHelpers, installHelpers } from "../../../../src/migrate/view-helpers/view-helpers.ts";
import { viewHelpersNeeded } from "../../../../src/migrate/view-helpers/view-helpers-needed.ts";
import { HELPER_FUNCTIONS, HELPERS_VERSION } from "../../../../src/migrate/view-helpers/view-helpers-sql.ts";
import { Connection } from "../../../../src/pg/connection.ts";
import { readSnapshot } from "../../../../src/schema/snapshot.ts";
import { parseScript } from "../../../../src/sql/parse-script.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { testMigrations } from "../../../support/migrations.ts";

const VERSION = String(HELPERS_VERSION);

const oids = sql`select p.oid from pg_proc p where pronamespace = 'confiture'::regnamespace order by 1`;

test("installs once, and leaves an unchanged version alone", async () => {
  await using bench = await testMigrations({});
  const first = await installHelpers(bench.target);
  expect(first).toMatchObject({
    installed: true,
    version: VERSION,
    previous_version: null,
    sql: null,
    warnings: [],
  });
  const before = await bench.ask(oids);
  expect(before).toHaveLength(HELPER_FUNCTIONS.length);
  expect(await installHelpers(bench.target)).toMatchObject({ installed: false, previous_version: VERSION });
  expect(await bench.ask(oids)).toEqual(before);
  expect(await installHelpers(bench.target, { force: true })).toMatchObject({ installed: true });
  expect(await bench.ask(oids)).not.toEqual(before);
});

test("what is there afterwards is exactly what the result names", async () => {
  await using bench = await testMigrations({});
  const { objects } = await installHelpers(bench.target);
  const there = sql`
    select format('%s confiture.%s', case relkind when 'r' then 'table' end, relname) as name from pg_class
    where relnamespace = 'confiture'::regnamespace and relkind not in ('i', 'S') union all
    select format('function confiture.%s(%s)', proname, oidvectortypes(proargtypes)) from pg_proc
    where pronamespace = 'confiture'::regnamespace`;
  const rows = await bench.ask<{ name: string }>(there);
  expect(rows.map((row) => row.name).toSorted()).toEqual(objects.toSorted());
});

test("nobody else can use them, and no snapshot shows them", async () => {
  await using bench = await testMigrations({});
  await using db = await Connection.open(bench.database.url);
  const before = await readSnapshot(db);
  await installHelpers(bench.target);
  expect(await readSnapshot(db)).toEqual(before);
  const [usage] =
    await bench.ask(sql`select has_schema_privilege('pg_monitor', 'confiture', 'usage') as usage,
    has_table_privilege('pg_monitor', 'confiture.saved_views', 'insert') as insert`);
  expect(usage).toEqual({ usage: false, insert: false });
  const pinned =
    await bench.ask(sql`select proname from pg_proc where pronamespace = 'confiture'::regnamespace
    and (prosecdef or not 'search_path=pg_catalog, pg_temp' = any (proconfig))`);
  expect(pinned).toEqual([]);
});

test("a dry run gives SQL that does the same, and writes nothing", async () => {
  await using bench = await testMigrations({});
  const { sql: script, installed } = await installHelpers(bench.target, { dryRun: true });
  expect(installed).toBe(false);
  expect(await bench.ask(sql`select to_regnamespace('confiture')::text as it`)).toEqual([{ it: null }]);
  await bench.ask(sql.raw(script!));
  expect(await installHelpers(bench.target, { dryRun: true })).toMatchObject({
    previous_version: VERSION,
    sql: null,
  });
  const again = await installHelpers(bench.target, { dryRun: true, force: true });
  expect(again.sql).toContain("drop function confiture.recreate_saved_views(boolean)");
});

test("an older version is replaced, a part that is missing comes back", async () => {
  await using bench = await testMigrations({});
  await installHelpers(bench.target);
  await bench.ask(
    sql`comment on function confiture.view_rules(oid) is 'View helpers of Confiture, version 0'`,
  );
  expect(await installHelpers(bench.target)).toMatchObject({ installed: true, previous_version: "0" });
  await bench.ask(sql`drop table confiture.saved_view_indexes`);
  expect(await installHelpers(bench.target)).toMatchObject({ installed: true, previous_version: VERSION });
  await bench.ask(
    sql`comment on function confiture.view_rules(oid) is 'View helpers of Confiture, version 999'`,
  );
  expect(await installHelpers(bench.target)).toMatchObject({ installed: false });
});

const PYTHON = sql`
  create schema confiture;
  create table confiture.saved_views (id serial primary key, schema_name text, view_name text, kind text, depth int,
    definition text, comment text, recreated boolean default false, error_message text, created_at timestamptz default now());
  create table confiture.saved_view_indexes (id serial primary key, saved_view_id int references confiture.saved_views);
  create function confiture.save_and_drop_dependent_views(schemas text[] default null) returns int
    language sql as 'select 1';
  create function confiture.recreate_saved_views() returns int language sql as 'select 1';
  create table confiture.mine (i int); create function confiture.view_rules(text) returns int language sql as 'select 1';
  insert into confiture.saved_views (schema_name, view_name, recreated) values ('public', 'done', true)`;

test("those of Confiture for Python are replaced, and nothing else in the schema is", async () => {
  await using bench = await testMigrations({});
  await bench.ask(PYTHON);
  await bench.ask(sql`insert into confiture.saved_views (schema_name, view_name) values ('public', 'lost')`);
  await expect(installHelpers(bench.target, { force: true })).rejects.toMatchObject({
    code: "MIGR_110",
    message: "confiture.saved_views still holds public.lost",
  });
  await bench.ask(sql`delete from confiture.saved_views where view_name = 'lost'`);
  expect(await installHelpers(bench.target)).toMatchObject({ installed: true, previous_version: "unknown" });
  expect(await bench.ask(sql`select confiture.recreate_saved_views() as n`)).toEqual([{ n: 0 }]);
  expect(await bench.ask(sql`select count(*)::int as n from confiture.mine`)).toEqual([{ n: 0 }]);
  expect(await bench.ask(sql`select confiture.view_rules('x') as n`)).toEqual([{ n: 1 }]);
});

test("a function of somebody else with the name of a helper is not replaced", async () => {
  await using bench = await testMigrations({});
  await bench.ask(
    sql`create schema confiture; create function confiture.view_rules(oid) returns int language sql as 'select 1'`,
  );
  await expect(installHelpers(bench.target)).rejects.toMatchObject({ code: "SQL_001" });
  expect(await bench.ask(sql`select confiture.view_rules(0) as n`)).toEqual([{ n: 1 }]);
  expect(await bench.ask(sql`select to_regclass('confiture.saved_views')::text as it`)).toEqual([
    { it: null },
  ]);
});

test("waits for the migration lock, and is refused where the config file says off", async () => {
  await using bench = await testMigrations({});
  const { takeMigrationLock } = await import("../../../../src/migrate/lock/lock.ts");
  {
    await using _lock = await takeMigrationLock(bench.target, {});
    await expect(installHelpers(bench.target, { lockTimeoutMs: 10 })).rejects.toMatchObject({
      code: "LOCK_1300",
    });
  }
  await expect(installHelpers({ ...bench.target, viewHelpers: "off" })).rejects.toMatchObject({
    code: "CONFIG_008",
  });
  expect(await installHelpers({ ...bench.target, viewHelpers: "manual" })).toMatchObject({ installed: true });
});

test("a role named confiture, and a schema that belongs to another role, are warned of", async () => {
  await using bench = await testMigrations({});
  await bench.ask(sql`create schema confiture`);
  const role = `owner_${bench.database.name}`;
  await bench.ask(sql.raw(`create role ${role}; alter schema confiture owner to ${role}`));
  const { warnings } = await installHelpers(bench.target, { dryRun: true });
  expect(warnings).toEqual([expect.stringContaining(`belongs to role ${role}`)]);
  await bench.ask(sql.raw(`alter schema confiture owner to postgres; drop role ${role}`));
  const known = await bench.ask(sql`select from pg_roles where rolname = 'confiture'`);
  if (known.length === 0) await bench.ask(sql`create role confiture superuser login`);
  try {
    const target = { ...bench.target, url: bench.target.url.replace("postgres@", "confiture@") };
    const result = await installHelpers(target, { dryRun: true });
    expect(result.warnings).toContainEqual(expect.stringContaining('"$user"'));
  } finally {
    if (known.length === 0) await bench.ask(sql`drop role confiture`);
  }
});

test("inside an open transaction they come and go with it", async () => {
  await using bench = await testMigrations({});
  await using db = await Connection.open(bench.database.url);
  await db.run(sql`begin`);
  expect(await ensureViewHelpers(db)).toBe(true);
  expect(await ensureViewHelpers(db)).toBe(false);
  await db.run(sql`rollback`);
  expect(await bench.ask(sql`select to_regnamespace('confiture')::text as it`)).toEqual([{ it: null }]);
  expect(await ensureViewHelpers(db)).toBe(true);
  expect(await ensureViewHelpers(db)).toBe(false);
});

test.each([
  ["select confiture.recreate_saved_views()", true],
  ["select 1; select confiture.save_and_drop_dependent_views(array['public.orders'])", true],
  ["select 1 where exists (select confiture.recreate_saved_views(keep_failed => true))", true],
  ["do $$ begin perform confiture.recreate_saved_views(); end $$", true],
  ["select 'confiture.recreate_saved_views()' -- confiture.recreate_saved_views()", false],
  ["select mine.recreate_saved_views(), recreate_saved_views()", false],
  ["create table confiture.recreate (i int)", false],
  ["do $$ begin perform 1; end $$", false],
])("%s: needed is %s", async (text, needed) => {
  expect(viewHelpersNeeded([await parseScript({ text }, "MIGR_108")])).toBe(needed);
});

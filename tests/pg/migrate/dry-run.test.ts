import { expect, test } from "vitest";
import { down } from "../../../src/migrate/down.ts";
import { up, type UpResult } from "../../../src/migrate/up.ts";
import { readSnapshot } from "../../../src/schema/snapshot.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { preflight } from "../../../src/workflows/preflight.ts";
import { testDatabase } from "../../support/database.ts";
import { type Bench, testMigrations } from "../../support/migrations.ts";

const CHAIN = {
  "1_t": "create table t (a int)",
  "2_fill": "insert into t values (1), (2)",
  "3_index": "create index concurrently t_a on t (a)",
  "4_view": "create view v as select a from t",
};

/** Everything in the database that a run could change. */
async function traces(bench: Bench) {
  await using db = await Connection.open(bench.database.url);
  const [row] = await db.rows(sql`
    select to_regclass('tb_confiture') as ledger, to_regclass('confiture_progress') as progress,
      (select count(*)::int from pg_locks l where locktype = 'advisory' and l.database = (select oid from pg_database where datname = current_database())) as locks`);
  return { ...row, objects: (await readSnapshot(db)).objects };
}

test("--dry-run says what would run and leaves no trace", async () => {
  await using bench = await testMigrations(CHAIN);
  const before = await traces(bench);
  const result = await up(bench.target, { dryRun: true });
  expect(result).toMatchObject({
    success: true,
    dry_run: true,
    mode: "analysis",
    applied: [],
    pending: ["1", "2", "3", "4"],
    statements_analyzed: 4,
    summary: { unsafe_count: 1, has_unsafe_statements: true, total_estimated_time_ms: null },
  });
  expect(result.migrations.map((m) => [m.version, m.transactional, m.duration_ms])).toEqual([
    ["1", true, null],
    ["2", true, null],
    ["3", false, null],
    ["4", true, null],
  ]);
  expect(await traces(bench)).toEqual(before);
});

test("--dry-run needs no database: without one everything is pending", async () => {
  await using bench = await testMigrations(CHAIN);
  const result = await up({ ...bench.target, url: undefined }, { dryRun: true });
  expect(result).toMatchObject({ pending: ["1", "2", "3", "4"], checksums_verified: false });
});

test("--dry-run knows what is applied where a database is named, and finds what would stop the run", async () => {
  await using bench = await testMigrations(CHAIN);
  await up(bench.target, { target: "2" });
  expect(await up(bench.target, { dryRun: true })).toMatchObject({
    skipped: ["1", "2"],
    pending: ["3", "4"],
  });
  bench.project.write("db/migrations/5_bad.up.sql", "commit;");
  await expect(up(bench.target, { dryRun: true })).rejects.toMatchObject({ code: "MIGR_107" });
});

test("--dry-run-execute runs everything for real, with its ledger rows, and rolls it all back", async () => {
  await using bench = await testMigrations({
    ...CHAIN,
    "5_sees_ledger":
      "do $$ begin if (select count(*) from tb_confiture) <> 3 or (select count(*) from t) <> 2 then raise 'not run'; end if; end $$",
  });
  const before = await traces(bench);
  const result = await up(bench.target, { dryRunExecute: true });
  expect(result).toMatchObject({
    success: true,
    dry_run_execute: true,
    mode: "execute_and_analyze",
    applied: [{ version: "1" }, { version: "2", rows_affected: 2 }, { version: "4" }, { version: "5" }],
    pending: ["3"],
  });
  expect(result.migrations.find((m) => m.version === "3")).toMatchObject({
    duration_ms: null,
    skipped_reason: expect.stringContaining("transaction"),
  });
  for (const m of result.applied) expect(m.duration_ms).toBeGreaterThanOrEqual(0);
  expect(await traces(bench)).toEqual(before);
});

test("own savepoints, exception blocks and session settings hold in --dry-run-execute as in up", async () => {
  await using bench = await testMigrations({
    "1_savepoints":
      "savepoint a; create table t (id int); rollback to savepoint a; create table t (id int, b int); release savepoint a; set search_path = pg_catalog;",
    "2_block":
      "do $$ begin begin perform 1 / 0; exception when division_by_zero then insert into t values (1, 1); end; end $$; set role pg_monitor;",
    "3_after": "create table u (id int)",
  });
  const before = await traces(bench);
  expect((await up(bench.target, { dryRunExecute: true })).applied).toHaveLength(3);
  expect(await traces(bench)).toEqual(before);
});

test("a failure in --dry-run-execute is told like one of up, and everything is rolled back", async () => {
  await using bench = await testMigrations({
    ...CHAIN,
    "2_fill": "insert into t values (1);\ninsert into t values ('x')",
  });
  const before = await traces(bench);
  await expect(up(bench.target, { dryRunExecute: true })).rejects.toMatchObject({
    code: "MIGR_001",
    exit: 3,
    context: { migration: "2", line: 2, details: { applied: [{ version: "1" }], pending: ["2", "3", "4"] } },
  });
  expect(await traces(bench)).toEqual(before);
});

test("an enum value that is used right after it was added cannot be tried in one transaction, which is said", async () => {
  await using bench = await testMigrations({
    "1_e": "create type mood as enum ('ok')",
    "2_add": "alter type mood add value 'glad'",
    "3_use": "create table m (a mood default 'glad')",
  });
  await up(bench.target, { target: "1" });
  await expect(up(bench.target, { dryRunExecute: true })).rejects.toMatchObject({
    code: "MIGR_001",
    context: { migration: "3", actionable: expect.stringContaining("commits before") },
  });
  expect((await up(bench.target)).applied).toHaveLength(2);
});

test.each([
  { dryRun: true, dryRunExecute: true },
  { dryRun: true, force: true },
  { dryRunExecute: true, force: true },
])("%j is a contradiction", async (options) => {
  await using bench = await testMigrations(CHAIN);
  await expect(up(bench.target, options)).rejects.toMatchObject({ code: "CONFIG_008" });
});

test("each migration of a dry run is classified by the worst of its statements, both ways", async () => {
  await using bench = await testMigrations({
    "1_t": ["create table t (a int)", "drop table t"],
    "2_a": ["create table u (); alter table t add column b int", "alter table t drop column b; drop table u"],
    "3_do": ["do $$ begin end $$", ""],
  });
  bench.project.write("db/migrations/4_m.mjs", "export const up = (db) => db.execute('select 1');");
  const tiers = ({ migrations }: Pick<UpResult, "migrations">) => migrations.map((m) => m.classification);
  expect(tiers(await up(bench.target, { dryRun: true }))).toEqual(["additive", "additive", null, null]);
  expect(tiers(await up(bench.target, { dryRunExecute: true }))).toEqual([
    "additive",
    "additive",
    null,
    null,
  ]);
  await up(bench.target, { target: "3" });
  expect(tiers(await down(bench.target, { dryRun: true, steps: 3 }))).toEqual([
    "additive",
    "irreversible",
    "irreversible",
  ]);
});

test("--dry-run-execute does at each migration's end what a commit would", async () => {
  const chain = {
    "1_t": `create table t (a int primary key); create table r (a int references t initially deferred);
      insert into r values (1); insert into t values (1);`,
    "2_alter": "alter table r add column b int; insert into r values (2); insert into t values (2);",
  };
  await using bench = await testMigrations({ ...chain, "3_bad": "insert into r values (3);" });
  expect((await up(bench.target, { dryRunExecute: true, target: "2" })).applied).toHaveLength(2);
  await expect(up(bench.target, { dryRunExecute: true })).rejects.toMatchObject({
    code: "MIGR_001",
    context: { migration: "3", details: { constraint: "r_a_fkey", pending: ["3"] } },
  });
  await using copy = await testDatabase();
  const options = { target: bench.target, schema: undefined, scratch: {}, against: copy.url };
  expect((await preflight(options)).replay).toMatchObject([
    { version: "1", success: true },
    { version: "2", success: true },
    { version: "3", success: false },
  ]);
});

import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { down } from "../../../src/migrate/down.ts";
import { downTo } from "../../../src/migrate/down-to.ts";
import { up } from "../../../src/migrate/up.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testMigrations } from "../../support/migrations.ts";

const FOUR = {
  "1_a": ["create table a ()", "drop table a"],
  "2_b": ["create table b ()", "drop table b"],
  "3_c": ["create table c ()", "drop table c"],
  "4_d": ["create table d ()", "drop table d"],
} as const;

const tables = sql`select string_agg(tablename, ' ' order by tablename) as names from pg_tables
  where schemaname = 'public' and tablename not in ('tb_confiture', 'confiture_lock_holder')`;

test("rolls back the newest first, as many as asked", async () => {
  await using bench = await testMigrations(FOUR);
  await up(bench.target);
  expect((await down(bench.target)).rolled_back.map((m) => m.version)).toEqual(["4"]);
  expect((await down(bench.target, { steps: 2 })).rolled_back.map((m) => m.version)).toEqual(["3", "2"]);
  expect(await bench.ask(tables)).toEqual([{ names: "a" }]);
  expect(await bench.ask(sql`select version from tb_confiture`)).toEqual([{ version: "1" }]);
  expect((await up(bench.target)).applied.map((m) => m.version)).toEqual(["2", "3", "4"]);
});

test("a dry run says what would go and writes nothing", async () => {
  await using bench = await testMigrations(FOUR);
  await up(bench.target);
  expect((await down(bench.target, { steps: 3, dryRun: true })).rolled_back.map((m) => m.version)).toEqual([
    "4",
    "3",
    "2",
  ]);
  expect(await bench.ask(tables)).toEqual([{ names: "a b c d" }]);
});

test("without a ledger it exits 2 and makes none", async () => {
  await using bench = await testMigrations(FOUR);
  await expect(down(bench.target)).rejects.toMatchObject({ code: "PRECON_1001", exit: 2 });
  expect(await bench.ask(sql`select to_regclass('tb_confiture') as ledger`)).toEqual([{ ledger: null }]);
});

test("one missing down file among several: refused before anything runs", async () => {
  await using bench = await testMigrations({ ...FOUR, "3_c": "create table c ()" });
  await up(bench.target);
  await expect(down(bench.target, { steps: 3 })).rejects.toMatchObject({ code: "ROLLBACK_600", exit: 8 });
  await expect(downTo(bench.target, "1")).rejects.toMatchObject({
    code: "ROLLBACK_600",
    context: { details: { irreversible_versions: ["3"] } },
    actionable: expect.stringMatching(/^Write \S+3_c\.down\.sql, or roll forward/),
  });
  expect(await bench.ask(tables)).toEqual([{ names: "a b c d" }]);
});

test("a migration declared irreversible stays, although a down file exists", async () => {
  await using bench = await testMigrations({
    "1_a": ["-- confiture: irreversible\ncreate table a ()", "drop table a"],
  });
  await up(bench.target);
  await expect(down(bench.target)).rejects.toMatchObject({
    code: "ROLLBACK_600",
    actionable: "It is declared irreversible: roll forward with a new migration.",
  });
});

test("an applied migration whose files are gone is an error, not a success", async () => {
  await using bench = await testMigrations(FOUR);
  await up(bench.target);
  rmSync(bench.project.path("db/migrations/4_d.up.sql"));
  rmSync(bench.project.path("db/migrations/4_d.down.sql"));
  await expect(down(bench.target)).rejects.toMatchObject({
    code: "MIGR_100",
    exit: 3,
    context: { migration: "4" },
  });
});

test("down-to keeps the revision named, by version or by name", async () => {
  await using bench = await testMigrations(FOUR);
  await up(bench.target);
  expect(await downTo(bench.target, "3_c")).toMatchObject({ from: "4", to: "3" });
  expect((await downTo(bench.target, "1")).rolled_back.map((m) => m.version)).toEqual(["3", "2"]);
  expect(await downTo(bench.target, "1")).toMatchObject({ from: "1", to: "1", rolled_back: [] });
});

test.each([
  ["4", "is not applied yet"],
  ["99", "is not a known migration"],
])("down-to %s: %s", async (revision, why) => {
  await using bench = await testMigrations(FOUR);
  await up(bench.target, { target: "3" });
  await expect(downTo(bench.target, revision)).rejects.toMatchObject({
    code: "MIGR_100",
    message: expect.stringContaining(why),
  });
});

test("a failing down is undone, those before it stay rolled back, and the error says so", async () => {
  await using bench = await testMigrations({
    ...FOUR,
    "3_c": ["create table c ()", "drop table c;\ndrop table nothing;"],
  });
  await up(bench.target);
  await expect(down(bench.target, { steps: 3 })).rejects.toMatchObject({
    code: "MIGR_001",
    context: { migration: "3", line: 2, details: { rolled_back: ["4"] } },
  });
  expect(await bench.ask(tables)).toEqual([{ names: "a b c" }]);
  expect(await bench.ask(sql`select count(*)::int as n from tb_confiture`)).toEqual([{ n: 3 }]);
});

test.each([0, -1, 1.5])("%d steps are refused, and roll back nothing", async (steps) => {
  await using bench = await testMigrations({ "1_t": ["create table t ()", "drop table t"] });
  await up(bench.target);
  await expect(down(bench.target, { steps })).rejects.toMatchObject({ code: "CONFIG_008" });
  expect(await bench.ask(sql`select version from tb_confiture`)).toEqual([{ version: "1" }]);
});

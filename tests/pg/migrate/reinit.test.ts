import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { baseline } from "../../../src/migrate/baseline.ts";
import { current } from "../../../src/migrate/current.ts";
import { down } from "../../../src/migrate/down.ts";
import { takeMigrationLock } from "../../../src/migrate/lock/lock.ts";
import { reinit } from "../../../src/migrate/reinit.ts";
import { up } from "../../../src/migrate/up.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testMigrations } from "../../support/migrations.ts";

const FOUR = {
  "001_a": ["create table a ()", "drop table a"],
  "002_b": ["create table b ()", "drop table b"],
  "003_c": ["create table c ()", "drop table c"],
  "004_d": ["create table d ()", "drop table d"],
} as const;

const rows = sql`select version, slug, execution_time_ms, applied_by from tb_confiture order by applied_at`;

test("the ledger begins anew; the newest is current and goes first on the way down", async () => {
  await using bench = await testMigrations(FOUR);
  await up(bench.target, { target: "003" });
  const result = await reinit(bench.target);
  expect(result).toMatchObject({ success: true, deleted_count: 3, dry_run: false, warnings: [] });
  expect(result.marked.map((m) => m.version)).toEqual(["001", "002", "003", "004"]);
  const found = await bench.ask<Record<string, unknown>>(rows);
  expect(found.map((row) => row["version"])).toEqual(["001", "002", "003", "004"]);
  expect(String(found[0]!["slug"])).toMatch(/^001_a_.*_reinit$/);
  expect(found.map((row) => [row["execution_time_ms"], row["applied_by"]])).toEqual(Array(4).fill([0, null]));
  expect(await current(bench.target)).toMatchObject({ revision: "004" });
  await bench.ask(sql`create table d ()`);
  expect((await down(bench.target)).rolled_back.map((m) => m.version)).toEqual(["004"]);
});

test.each(["reinit", "baseline"] as const)("%s gives every row a time of its own, in order", async (kind) => {
  await using bench = await testMigrations(FOUR);
  await (kind === "reinit" ? reinit(bench.target) : baseline(bench.target, { through: "004" }));
  const ordered = sql`
    select array_agg(version order by applied_at) as versions, count(distinct applied_at)::int as times
    from tb_confiture`;
  expect(await bench.ask(ordered)).toEqual([{ versions: ["001", "002", "003", "004"], times: 4 }]);
  bench.project.write("db/migrations/005_e.up.sql", "create table e ()");
  await up(bench.target);
  expect(await current(bench.target)).toMatchObject({ revision: "005" });
});

test("what the ledger forgets, and what it takes over edited, is said", async () => {
  await using bench = await testMigrations(FOUR);
  await up(bench.target);
  rmSync(bench.project.path("db/migrations/001_a.up.sql"));
  bench.project.write("db/migrations/002_b.up.sql", "create table b (id int)");
  const { marked, warnings } = await reinit(bench.target, { through: "003_c" });
  expect(marked.map((m) => m.version)).toEqual(["002", "003"]);
  expect(warnings).toEqual([
    "001_a was applied, but has no file here: the ledger forgets it",
    "004 was applied, lies beyond --through, and is pending now",
    expect.stringContaining("002_b.up.sql was edited after it was applied; it is recorded as it is now"),
  ]);
});

test("a dry run writes nothing, not even a ledger; without one there is nothing to forget", async () => {
  await using bench = await testMigrations(FOUR);
  expect(await reinit(bench.target, { dryRun: true })).toMatchObject({ deleted_count: 0, dry_run: true });
  expect(await bench.ask(sql`select to_regclass('tb_confiture') as ledger`)).toEqual([{ ledger: null }]);
  expect(await reinit(bench.target, { through: "002" })).toMatchObject({ deleted_count: 0 });
  const before = await bench.ask(rows);
  expect(await reinit(bench.target, { dryRun: true })).toMatchObject({ deleted_count: 2 });
  expect(await bench.ask(rows)).toEqual(before);
});

test("an unknown version, an empty directory, a duplicate and a busy lock are refused, and the ledger stays", async () => {
  await using bench = await testMigrations(FOUR);
  await up(bench.target);
  const before = await bench.ask(rows);
  await expect(reinit(bench.target, { through: "9" })).rejects.toMatchObject({ code: "MIGR_100", exit: 3 });
  bench.project.write("empty/notes.txt", "");
  const empty = { ...bench.target, migrationsDir: bench.project.path("empty") };
  await expect(reinit(empty)).rejects.toMatchObject({ code: "MIGR_100" });
  {
    await using _lock = await takeMigrationLock(bench.target, {});
    const busy = reinit(bench.target, { lockTimeoutMs: 50 });
    await expect(busy).rejects.toMatchObject({ code: "LOCK_1300", exit: 6 });
  }
  bench.project.write("db/migrations/001_twin.up.sql", "select 1");
  await expect(reinit(bench.target)).rejects.toMatchObject({ code: "MIGR_106", exit: 3 });
  expect(await bench.ask(rows)).toEqual(before);
});

import { expect, test } from "vitest";
import { baseline } from "../../../src/migrate/baseline.ts";
import { current } from "../../../src/migrate/current.ts";
import { down } from "../../../src/migrate/down.ts";
import { up } from "../../../src/migrate/up.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testMigrations } from "../../support/migrations.ts";

const FIVE = {
  "001_a": ["create table a ()", "drop table a"],
  "002_b": ["create table b ()", "drop table b"],
  "003_c": ["create table c ()", "drop table c"],
  "004_d": ["create table d ()", "drop table d"],
  "005_e": ["create table e ()", "drop table e"],
} as const;

test("marks without running, is safe to repeat, and up goes on after it", async () => {
  await using bench = await testMigrations(FIVE);
  const first = await baseline(bench.target, { through: "004" });
  expect(first.marked.map((m) => m.version)).toEqual(["001", "002", "003", "004"]);
  const again = await baseline(bench.target, { through: "004_d" });
  expect([again.marked.length, again.skipped.length]).toEqual([0, 4]);
  expect((await up(bench.target)).applied.map((m) => m.version)).toEqual(["005"]);
  const tables = await bench.ask<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  );
  expect(tables.map(({ name }) => name)).toEqual(["confiture_lock_holder", "e", "tb_confiture"]);
});

test("rows carry the file's hash, no time and no role; the newest is current", async () => {
  await using bench = await testMigrations(FIVE);
  await baseline(bench.target, { through: "004" });
  const rows = await bench.ask<Record<string, unknown>>(
    sql`select * from tb_confiture order by pk_confiture`,
  );
  expect(rows.map((row) => [row["execution_time_ms"], row["applied_by"]])).toEqual(Array(4).fill([0, null]));
  expect(rows.every((row) => /^[0-9a-f]{64}$/.test(String(row["checksum"])))).toBe(true);
  expect(String(rows[0]!["slug"])).toMatch(/^001_a_.*_baseline$/);
  expect(await current(bench.target)).toMatchObject({ revision: "004", name: "d" });
});

test("a dry run and an unknown version leave no trace", async () => {
  await using bench = await testMigrations(FIVE);
  expect((await baseline(bench.target, { through: "002", dryRun: true })).marked).toHaveLength(2);
  await expect(baseline(bench.target, { through: "7" })).rejects.toMatchObject({ code: "MIGR_100", exit: 3 });
  await expect(baseline(bench.target, {})).rejects.toMatchObject({ code: "CONFIG_008", exit: 5 });
  expect(await bench.ask(sql`select to_regclass('tb_confiture') as ledger`)).toEqual([{ ledger: null }]);
});

test("takes over another database's ledger, and says what it could not", async () => {
  await using source = await testMigrations({ ...FIVE, "006_gone": ["select 1", "select 1"] });
  await up(source.target);
  await using bench = await testMigrations(FIVE);
  const result = await baseline(bench.target, { fromDb: source.database.url, through: "004" });
  expect(result.marked.map((m) => m.version)).toEqual(["001", "002", "003", "004"]);
  expect(result.source_only).toEqual(["006"]);
  expect(result.warnings.join()).toContain("005 is applied in the source, but lies beyond --through");
  const times = sql`select version, applied_at from tb_confiture where version <= '004' order by version`;
  expect(await bench.ask(times)).toEqual(await source.ask(times));
});

test("a source whose ledger has another name is told how to name it", async () => {
  await using bench = await testMigrations(FIVE);
  await using source = await testMigrations(FIVE);
  await expect(baseline(bench.target, { fromDb: source.database.url })).rejects.toMatchObject({
    code: "PRECON_1001",
    actionable: expect.stringContaining("--source-table"),
  });
});

test("what was marked can be rolled back like anything else", async () => {
  await using bench = await testMigrations(FIVE);
  await bench.ask(sql`create table a ()`);
  await baseline(bench.target, { through: "001" });
  expect((await down(bench.target)).rolled_back.map((m) => m.version)).toEqual(["001"]);
});

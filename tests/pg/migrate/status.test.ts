import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { current } from "../../../src/migrate/current.ts";
import { status } from "../../../src/migrate/status.ts";
import { up } from "../../../src/migrate/up.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testMigrations } from "../../support/migrations.ts";

const TWO = {
  "1_a": ["create table a ()", "drop table a"],
  "2_b": ["create table b ()", "drop table b"],
} as const;

test("without a ledger everything is pending, a hint says so, and none is made", async () => {
  await using bench = await testMigrations(TWO);
  expect(await status(bench.target)).toMatchObject({
    tracking_table: "tb_confiture",
    resolved_table: null,
    pending: ["1", "2"],
    hints: [expect.stringContaining("baseline")],
  });
  expect(await bench.ask(sql`select to_regclass('tb_confiture') as ledger`)).toEqual([{ ledger: null }]);
});

test("applied, pending, and rows whose files are gone", async () => {
  await using bench = await testMigrations(TWO);
  await up(bench.target);
  bench.project.write("db/migrations/3_c.up.sql", "create table c ()");
  rmSync(bench.project.path("db/migrations/1_a.up.sql"));
  const result = await status(bench.target);
  expect(result.migrations.map((m) => [m.version, m.status])).toEqual([
    ["2", "applied"],
    ["3", "pending"],
    ["1", "missing"],
  ]);
  expect(result).toMatchObject({
    resolved_table: "public.tb_confiture",
    current: "2",
    summary: { applied: 2, pending: 1, total: 2 },
  });
  expect(result.migrations[0]!.applied_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
});

test("without a database nothing is claimed", async () => {
  await using bench = await testMigrations(TWO);
  const result = await status({ ...bench.target, url: undefined });
  expect(result.migrations.map((m) => m.status)).toEqual(["unknown", "unknown"]);
  expect(result).toMatchObject({ tracking_table: null, applied: [], pending: [] });
});

test("a read-only session is enough for status and current, and neither waits for a running migration", async () => {
  await using bench = await testMigrations(TWO);
  await up(bench.target, { target: "1" });
  const { name } = bench.database;
  await bench.ask(sql.raw(`alter database ${name} set default_transaction_read_only = on`));
  await using busy = await Connection.open(bench.database.url);
  await busy.run(
    sql`begin read write; insert into tb_confiture (slug, version, name) values ('x', '2', 'b')`,
  );
  expect((await status(bench.target)).pending).toEqual(["2"]);
  expect(await current(bench.target)).toMatchObject({ revision: "1", name: "a" });
  await busy.run(sql`rollback`);
});

test("current without a ledger exits 2", async () => {
  await using bench = await testMigrations(TWO);
  await expect(current(bench.target)).rejects.toMatchObject({ code: "PRECON_1001", exit: 2 });
});

test("a rebuild is advised from a number of pending migrations on, or because one asks for it", async () => {
  await using bench = await testMigrations(TWO);
  const advised = async (rebuildThreshold: number) => {
    const { rebuild_recommended, rebuild_reasons } = await status(bench.target, { rebuildThreshold });
    return [rebuild_recommended, rebuild_reasons];
  };
  expect(await status(bench.target)).not.toHaveProperty("rebuild_recommended");
  expect(await advised(3)).toEqual([false, []]);
  expect(await advised(2)).toEqual([true, [expect.stringContaining("2 migrations are pending")]]);
  bench.project.write("db/migrations/2_b.up.sql", "-- all new\n--strategy:  REBUILD\ncreate table b ()");
  expect(await advised(3)).toEqual([true, [expect.stringContaining("2_b.up.sql asks for it")]]);
  bench.project.write("db/migrations/2_b.up.sql", `${"--\n".repeat(10)}-- Strategy: rebuild\nselect 1`);
  expect(await advised(3)).toEqual([false, []]);
  await up(bench.target);
  expect(await advised(1)).toEqual([false, []]);
});

test("without a database nothing is advised", async () => {
  await using bench = await testMigrations(TWO);
  const result = await status({ ...bench.target, url: undefined }, { rebuildThreshold: 1 });
  expect(result).not.toHaveProperty("rebuild_recommended");
});

test("a ledger of the same name in another schema is a hint, a table that is no ledger is not", async () => {
  await using bench = await testMigrations(TWO);
  await bench.ask(
    sql.raw("create schema app; create schema other; create table other.tb_confiture (id int)"),
  );
  expect((await status(bench.target)).hints).toHaveLength(1);
  await up({ ...bench.target, trackingTable: "app.tb_confiture" });
  expect((await status(bench.target)).hints.at(-1)).toContain("elsewhere: app.tb_confiture");
  await bench.ask(sql`create table tb_confiture as select * from app.tb_confiture`);
  expect((await status(bench.target)).hints).toEqual([
    expect.stringContaining("public.tb_confiture here, and there is also app.tb_confiture"),
  ]);
});

test("a role that may read the ledger alone is told what it cannot know", async () => {
  await using bench = await testMigrations({
    "1_t": "create table t (a int)",
    "2_i": "create index concurrently on t (a)",
  });
  bench.project.write("db/repeatable/v.sql", "create or replace view v as select 1 as one");
  const target = { ...bench.target, repeatableDir: bench.project.path("db/repeatable") };
  await up(target);
  const role = `reader_${bench.database.name}`;
  await bench.ask(sql.raw(`create role ${role} login; grant select on tb_confiture to ${role}`));
  try {
    const url = bench.database.url.replace("postgres@", `${role}@`);
    expect(await status({ ...target, url })).toMatchObject({
      applied: ["1", "2"],
      repeatables: [{ path: "v.sql", status: "unknown" }],
      hints: [expect.stringContaining("confiture_progress"), expect.stringContaining("confiture_repeatable")],
    });
  } finally {
    await bench.ask(sql.raw(`drop owned by ${role}; drop role ${role}`));
  }
});

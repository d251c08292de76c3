import { expect, inject, test } from "vitest";
import { silentLog } from "../../../src/base/log.ts";
import { up } from "../../../src/migrate/up.ts";
import { sql } from "../../../src/sql/tag.ts";
import { detectBaseline } from "../../../src/workflows/detect-baseline.ts";
import { upWithBaseline } from "../../../src/workflows/up-with-baseline.ts";
import { type Bench, testMigrations } from "../../support/migrations.ts";

const CHAIN = {
  "1_a": "create table a (id int)",
  "2_b": "create table b (id int)",
  "3_rows": "insert into b values (1)",
  "4_c": "create table c (id int)",
} as const;

const scratch = () => ({ url: inject("serverUrl") });

const versions = (bench: Bench) =>
  bench.ask(sql`select version, slug from tb_confiture order by pk_confiture`);

test("what the catalog says is applied is recorded, the rest is applied", async () => {
  await using bench = await testMigrations(CHAIN);
  await bench.ask(sql`create table a (id int)`);
  const result = await upWithBaseline(bench.target, { scratch: scratch() });
  expect(result.applied.map((m) => m.version)).toEqual(["2", "3", "4"]);
  expect(result).toMatchObject({ skipped: ["1"], checksums_verified: true });
  expect(result.warnings[0]).toContain("recorded 1 migration(s) through 1_a as applied");
  const rows = await versions(bench);
  expect(rows.map((row) => (row as { version: string }).version)).toEqual(["1", "2", "3", "4"]);
  expect((rows[0] as { slug: string }).slug).toMatch(/^1_a_.*_auto-baseline$/);
});

test("with a ledger nothing is detected, and an empty database gets everything", async () => {
  await using bench = await testMigrations(CHAIN);
  const first = await upWithBaseline(bench.target, { scratch: scratch(), target: "2" });
  expect(first).toMatchObject({ applied: [{ version: "1" }, { version: "2" }], warnings: [] });
  await bench.ask(sql`create table by_hand ()`);
  expect(await detectBaseline(bench.target, { scratch: scratch() })).toBeUndefined();
  const second = await upWithBaseline(bench.target, { scratch: scratch() });
  expect(second.applied.map((m) => m.version)).toEqual(["3", "4"]);
});

test.each([
  ["no version is exact", "create table a (id int); create table more ()", "none of 4 version(s)"],
  [
    "data alone tells two versions apart",
    "create table a (id int); create table b (id int)",
    "Only data tells these versions apart: 3, 2",
  ],
  [
    "a ledger stands where the search_path does not lead",
    "create schema old; create table old.tb_confiture (); create table a (id int)",
    "there is old.tb_confiture",
  ],
])("refused, and nothing is written: %s", async (_what, made, said) => {
  await using bench = await testMigrations(CHAIN);
  await bench.ask(sql.raw(made));
  const refused = upWithBaseline(bench.target, { scratch: scratch() });
  await expect(refused).rejects.toMatchObject({
    code: "BASELINE_001",
    exit: 5,
    message: expect.stringContaining(said) as string,
  });
  expect(await bench.ask(sql`select to_regclass('tb_confiture') as ledger, to_regclass('c') as c`)).toEqual([
    { ledger: null, c: null },
  ]);
});

test("the candidates stand in the details", async () => {
  await using bench = await testMigrations(CHAIN);
  await bench.ask(sql`create table a (id bigint)`);
  await expect(detectBaseline(bench.target, { scratch: scratch() })).rejects.toMatchObject({
    code: "BASELINE_001",
    context: {
      details: {
        compared: 4,
        failed: [],
        candidates: [
          expect.objectContaining({ version: "1", changes: 1 }),
          expect.objectContaining({ version: "3", changes: 2 }),
          expect.objectContaining({ version: "2", changes: 2 }),
          expect.objectContaining({ version: "4", changes: 3 }),
        ],
      },
    },
  });
});

test("a chain that fails on the scratch database could hide the right version, so it is refused", async () => {
  await using bench = await testMigrations({ ...CHAIN, "5_bad": "select 1/0" });
  await bench.ask(sql`create table a (id int)`);
  await expect(detectBaseline(bench.target, { scratch: scratch() })).rejects.toMatchObject({
    code: "BASELINE_001",
    message: expect.stringContaining("5 (MIGR_001: ") as string,
  });
});

test("a database that changes while it is compared is not recorded", async () => {
  await using bench = await testMigrations(CHAIN);
  await bench.ask(sql`create table a (id int)`);
  const change = () => void bench.ask(sql`create table meanwhile ()`);
  const target = { ...bench.target, log: { ...silentLog, info: change } };
  await expect(upWithBaseline(target, { scratch: scratch() })).rejects.toMatchObject({
    code: "BASELINE_001",
  });
  expect(await bench.ask(sql`select to_regclass('tb_confiture') as ledger`)).toEqual([{ ledger: null }]);
});

test("a directory of schemas may say what a version is", async () => {
  await using bench = await testMigrations(CHAIN);
  bench.project.write("history/2_b.sql", "create table a (id int);\ncreate table b (id int);");
  await bench.ask(sql`create table a (id int); create table b (id int)`);
  const snapshotsDir = bench.project.path("history");
  const result = await upWithBaseline(bench.target, { scratch: scratch(), snapshotsDir });
  expect(result.applied.map((m) => m.version)).toEqual(["3", "4"]);
  await up(bench.target);
});

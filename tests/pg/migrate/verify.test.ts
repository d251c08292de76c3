import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { up } from "../../../src/migrate/up.ts";
import { verify } from "../../../src/migrate/verify.ts";
import { sql } from "../../../src/sql/tag.ts";
import { type Bench, testMigrations } from "../../support/migrations.ts";

const ONE = { "1_a": ["create table a (id int)", "drop table a"] } as const;

const assertion = (bench: Bench, stem: string, text: string) =>
  bench.project.write(`db/migrations/${stem}.verify.sql`, text);

/** Status and value of one query after one migration. */
async function answerTo(text: string) {
  await using bench = await testMigrations(ONE);
  await up(bench.target);
  assertion(bench, "1_a", text);
  const [answer] = (await verify(bench.target)).results;
  return [answer!.status, answer!.actual_value, answer!.error];
}

test.each([
  ["select true", "true"],
  ["select count(*) = 0 from a;\n-- that is all", "true"],
  ["with x as (select 2 as n) select n from x", "2"],
  ["values (0.5), (0)", "0.5"],
  ["select ' YES '", " YES "],
  ["select 't'::varchar, 3 as value, 4 as value", "t"],
  ["select n from (values (0), (3)) as x (n) order by n desc", "3"],
  ["select exists (select from pg_class where relname = 'a')", "true"],
])("%s says yes", async (text, value) => {
  expect(await answerTo(text)).toEqual(["verified", value, null]);
});

test.each([
  ["select false", "false"],
  ["select 0", "0"],
  ["select 'NaN'::numeric", "NaN"],
  ["select null::boolean", null],
  ["select true where false", null],
  ["table a", null],
  ["select 'no'", "no"],
  ["select '2'", "2"],
])("%s says no", async (text, value) => {
  expect(await answerTo(text)).toEqual(["failed", value, null]);
});

test("what the server refuses has failed with its error, and the next one is asked all the same", async () => {
  await using bench = await testMigrations({
    ...ONE,
    "2_b": "select 1",
    "3_c": "create sequence s",
    "4_d": "select 1",
    "5_e": "select 1",
  });
  await up(bench.target);
  assertion(bench, "1_a", "select nothing from nowhere");
  assertion(bench, "2_b", "select nextval('s') > 0");
  assertion(bench, "3_c", "select id from a for update");
  assertion(bench, "4_d", "select set_config('search_path', 'pg_catalog', false) is not null");
  assertion(bench, "5_e", "select count(*) = 0 from a");
  const result = await verify(bench.target);
  expect(result).toMatchObject({ verified_count: 2, failed_count: 3, skipped_count: 0, total_applied: 5 });
  expect(result.results.map((r) => r.error)).toEqual([
    expect.stringContaining("nowhere"),
    expect.stringContaining("read-only transaction"),
    expect.stringContaining("read-only transaction"),
    null,
    null,
  ]);
});

test("statement_timeout of the target holds", async () => {
  await using bench = await testMigrations(ONE);
  await up(bench.target);
  assertion(bench, "1_a", "select pg_sleep(20) is not null");
  const result = await verify({ ...bench.target, limits: { statementTimeoutMs: 50 } });
  expect(result.results[0]).toMatchObject({ status: "failed", error: expect.stringContaining("timeout") });
});

test.each([
  ["insert into a values (1)", 1],
  ["\nwith x as (insert into a values (1) returning id) select true from x", 2],
  ["select true into b", 1],
  ["select true;\nselect false", 2],
  ["-- nothing", 1],
  ["selct true", 1],
  ["\\echo hello", 1],
  ["explain select 1", 1],
])("%s is no query that only reads", async (text, line) => {
  await using bench = await testMigrations({ ...ONE, "2_b": "select 1" });
  await up(bench.target);
  assertion(bench, "1_a", "select true");
  assertion(bench, "2_b", text);
  await expect(verify(bench.target)).rejects.toMatchObject({
    code: "VERIFY_001",
    exit: 5,
    context: { file: expect.stringContaining("2_b.verify.sql"), line },
  });
});

test("applied migrations without an assertion, or without any file, are reported", async () => {
  await using bench = await testMigrations({
    ...ONE,
    "2_b": "select 1",
    "3_c": "select 1",
    "4_d": "select 1",
  });
  await up(bench.target, { target: "3" });
  assertion(bench, "1_a", "select true");
  assertion(bench, "4_d", "select false");
  rmSync(bench.project.path("db/migrations/1_a.up.sql"));
  rmSync(bench.project.path("db/migrations/3_c.up.sql"));
  const result = await verify(bench.target);
  expect(result).toMatchObject({ verified_count: 1, failed_count: 0, skipped_count: 2, total_applied: 3 });
  expect(result.results.map(({ version, status, error }) => [version, status, error])).toEqual([
    ["1", "verified", null],
    ["2", "no_file", null],
    ["3", "no_file", "the migration's own file is gone too"],
  ]);
});

test("one version alone, by either of its names; one that is not applied is unknown", async () => {
  await using bench = await testMigrations({ ...ONE, "2_b": "select 1", "3_c": "select 1" });
  await up(bench.target, { target: "2" });
  assertion(bench, "1_a", "select true");
  assertion(bench, "2_b", "select false");
  for (const version of ["1", "1_a"]) {
    const result = await verify(bench.target, { version });
    expect(result).toMatchObject({ verified_count: 1, failed_count: 0, total_applied: 2 });
    expect(result.results).toHaveLength(1);
  }
  await expect(verify(bench.target, { version: "3" })).rejects.toMatchObject({ code: "MIGR_100" });
});

test("without a ledger it refuses, unless that is allowed, and makes none", async () => {
  await using bench = await testMigrations(ONE);
  await expect(verify(bench.target)).rejects.toMatchObject({ code: "PRECON_1001", exit: 2 });
  expect(await verify(bench.target, { allowUninitialized: true })).toMatchObject({
    ledger_present: false,
    total_applied: 0,
    results: [],
  });
  expect(await bench.ask(sql`select to_regclass('tb_confiture') as ledger`)).toEqual([{ ledger: null }]);
});

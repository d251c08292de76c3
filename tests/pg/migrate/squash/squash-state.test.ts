import { inject } from "vitest";
import { expect, test } from "vitest";
import { baseline } from "../../../../src/migrate/baseline.ts";
import { down } from "../../../../src/migrate/down.ts";
import { status } from "../../../../src/migrate/status.ts";
import { up } from "../../../../src/migrate/up.ts";
import { verifyAllChecksums } from "../../../../src/migrate/verify-checksums.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { preflight } from "../../../../src/workflows/preflight.ts";
import { squash } from "../../../../src/workflows/squash.ts";
import { type Bench, testMigrations } from "../../../support/migrations.ts";

const CHAIN = {
  "1_a": ["create table a (id int)", "drop table a"],
  "2_b": ["create table b (id int)", "drop table b"],
  "3_c": ["create table c (id int)", "drop table c"],
  "4_d": ["create table d (id int)", "drop table d"],
} as const;

const squashed = (bench: Bench) =>
  squash(bench.target, { through: "3", name: "start", scratch: { url: inject("serverUrl") } });

const tables = async (bench: Bench) =>
  (
    await bench.ask<{ name: string }>(
      sql`select relname as name from pg_class where relname ~ '^[a-d]$' order by 1`,
    )
  ).map(({ name }) => name);

const states = async (bench: Bench) =>
  (await status(bench.target)).migrations.map((m) => `${m.version} ${m.status}`);

test("a database past the squash is carried over: nothing runs again, nothing counts as edited or missing", async () => {
  await using bench = await testMigrations(CHAIN);
  await up(bench.target, { target: "3" });
  await squashed(bench);
  expect(await states(bench)).toEqual(["3 applied", "4 pending", "1 squashed", "2 squashed"]);
  expect((await up(bench.target)).applied.map((m) => m.version)).toEqual(["4"]);
  expect(await verifyAllChecksums(bench.target)).toMatchObject({ ok: true, issues: [] });
  expect(await tables(bench)).toEqual(["a", "b", "c", "d"]);
});

test("a new database runs the squash, and comes down again", async () => {
  await using bench = await testMigrations(CHAIN);
  await squashed(bench);
  expect((await up(bench.target)).applied.map((m) => m.version)).toEqual(["3", "4"]);
  expect((await down(bench.target, { steps: 2 })).rolled_back.map((m) => m.version)).toEqual(["4", "3"]);
  expect(await tables(bench)).toEqual([]);
});

test("a rollback of the squash takes the rows of all that it stands for along", async () => {
  await using bench = await testMigrations(CHAIN);
  await up(bench.target);
  await squashed(bench);
  expect((await down(bench.target, { steps: 2 })).rolled_back.map((m) => m.version)).toEqual(["4", "3"]);
  expect(await bench.ask(sql`select * from tb_confiture`)).toEqual([]);
  expect(await tables(bench)).toEqual([]);
  expect((await up(bench.target)).applied.map((m) => m.version)).toEqual(["3", "4"]);
});

test("a database that has a part of it is refused with advice, by up and by preflight, and left as it is", async () => {
  await using bench = await testMigrations(CHAIN);
  await up(bench.target, { target: "2" });
  await squashed(bench);
  await expect(up(bench.target)).rejects.toMatchObject({
    code: "MIGR_112",
    exit: 3,
    actionable: expect.stringContaining("release before the squash"),
  });
  const rehearsal = await preflight({
    target: bench.target,
    schema: undefined,
    scratch: { url: inject("serverUrl") },
    against: bench.database.url,
  });
  expect(rehearsal.ok).toBe(false);
  expect(rehearsal.issues.map((issue) => issue.code)).toContain("MIGR_112");
  expect(await tables(bench)).toEqual(["a", "b"]);
});

test.each([
  [1, ["3 stands for 1, 2, 3; 2 was not applied here, and counts as applied now"]],
  [2, []],
])("a baseline of the squash where %d of its parts ran says which did not", async (ran, warnings) => {
  await using bench = await testMigrations(CHAIN);
  await up(bench.target, { target: String(ran) });
  await squashed(bench);
  for (const dryRun of [true, false])
    expect(await baseline(bench.target, { through: "3", dryRun })).toMatchObject({ warnings });
  expect((await up(bench.target)).applied.map((m) => m.version)).toEqual(["4"]);
});

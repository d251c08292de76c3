import { symlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { down } from "../../../../src/migrate/down.ts";
import { status } from "../../../../src/migrate/status.ts";
import type { Target } from "../../../../src/migrate/target.ts";
import { up } from "../../../../src/migrate/up.ts";
import { Connection } from "../../../../src/pg/connection.ts";
import { readSnapshot } from "../../../../src/schema/snapshot.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { testMigrations } from "../../../support/migrations.ts";

async function withRepeatables(files: Readonly<Record<string, string>>) {
  const bench = await testMigrations({
    "1_t": ["create table t (a int, b int)", "drop table t cascade"],
  });
  const write = (path: string, text: string) => bench.project.write(`db/repeatable/${path}`, text);
  for (const [path, text] of Object.entries(files)) write(path, text);
  const target: Target = { ...bench.target, repeatableDir: bench.project.path("db/repeatable") };
  const states = async () =>
    Object.fromEntries((await status(target)).repeatables.map(({ path, status: state }) => [path, state]));
  return {
    ...bench,
    target,
    write,
    states,
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

const VIEWS = {
  "a_report.sql": "create or replace view report as select a, 'r' as kind from base_view;",
  "z_base.sql": "drop view if exists base_view cascade; create view base_view as select a from t;",
  "grants/readers.sql": "grant select on t to pg_monitor;",
};

test("they run after the chain, what is used before what uses it, and only when they changed", async () => {
  await using bench = await withRepeatables(VIEWS);
  expect(await bench.states()).toEqual({
    "a_report.sql": "pending",
    "z_base.sql": "pending",
    "grants/readers.sql": "pending",
  });
  const first = await up(bench.target);
  expect(first.repeatables).toEqual(["z_base.sql", "a_report.sql", "grants/readers.sql"]);
  expect(await bench.ask(sql`select * from report`)).toEqual([]);
  expect(await bench.states()).toMatchObject({ "a_report.sql": "applied", "z_base.sql": "applied" });
  expect((await up(bench.target)).repeatables).toEqual([]);
});

test("what uses a changed file runs again too, as the file may have dropped it on the way", async () => {
  await using bench = await withRepeatables(VIEWS);
  await up(bench.target);
  bench.write(
    "z_base.sql",
    "drop view if exists base_view cascade; create view base_view as select a, b from t;",
  );
  expect(await bench.states()).toMatchObject({ "z_base.sql": "changed", "a_report.sql": "applied" });
  expect((await up(bench.target)).repeatables).toEqual(["z_base.sql", "a_report.sql"]);
  expect(await bench.ask(sql`select * from report`)).toEqual([]);
});

test("line endings are no change", async () => {
  await using bench = await withRepeatables({ "v.sql": "create or replace view v as\nselect a from t;\n" });
  await up(bench.target);
  bench.write("v.sql", "create or replace view v as\r\nselect a from t;\r\n");
  expect((await up(bench.target)).repeatables).toEqual([]);
});

test("a failure undoes all of them, keeps the migrations, and names file and line", async () => {
  await using bench = await withRepeatables({ ...VIEWS, "bad.sql": "select 1;\nselect * from nowhere;" });
  await expect(up(bench.target)).rejects.toMatchObject({
    code: "MIGR_001",
    context: {
      file: expect.stringContaining("bad.sql"),
      line: 2,
      details: { applied: [{ version: "1" }], pending: [] },
    },
  });
  expect(await bench.ask(sql`select to_regclass('report') as v, to_regclass('t') as t`)).toEqual([
    { v: null, t: "t" },
  ]);
});

test.each([
  ["commit;", "MIGR_107"],
  ["create index concurrently i on t (a);", "MIGR_102"],
  ["create vieww;", "MIGR_108"],
])("%s is refused before anything runs", async (text, code) => {
  await using bench = await withRepeatables({ "bad.sql": text });
  await expect(up(bench.target)).rejects.toMatchObject({ code });
  expect(await bench.ask(sql`select to_regclass('t') as t`)).toEqual([{ t: null }]);
});

test("a file that is gone is told, and what it made stays", async () => {
  await using bench = await withRepeatables(VIEWS);
  await up(bench.target);
  bench.project.write("db/repeatable/grants/readers.txt", "");
  const target = { ...bench.target, repeatableDir: bench.project.path("db/repeatable/grants") };
  expect((await status(target)).repeatables).toContainEqual({ path: "a_report.sql", status: "missing" });
  await up(target);
  expect(await bench.ask(sql`select to_regclass('report') is not null as there`)).toEqual([{ there: true }]);
});

test("after a rollback all of them run again", async () => {
  await using bench = await withRepeatables(VIEWS);
  await up(bench.target);
  await down(bench.target);
  expect(await bench.ask(sql`select to_regclass('report') as v`)).toEqual([{ v: null }]);
  expect((await up(bench.target)).repeatables).toHaveLength(3);
  expect(await bench.ask(sql`select * from report`)).toEqual([]);
});

test("with --target they wait for the whole chain; dry runs name or run them and leave no trace", async () => {
  await using bench = await withRepeatables(VIEWS);
  expect((await up(bench.target, { dryRun: true })).repeatables).toHaveLength(3);
  expect((await up(bench.target, { dryRunExecute: true })).repeatables).toHaveLength(3);
  expect(await bench.ask(sql`select to_regclass('confiture_repeatable') as r`)).toEqual([{ r: null }]);
  expect((await up(bench.target, { target: "1" })).repeatables).toEqual([]);
});

test("our own tables are no part of a snapshot", async () => {
  await using bench = await withRepeatables(VIEWS);
  await up(bench.target);
  await using db = await Connection.open(bench.database.url);
  expect(JSON.stringify(await readSnapshot(db, { ours: ["public.tb_confiture"] }))).not.toContain(
    '"confiture_',
  );
});

test.each(["run-as pg_monitor", "no-transaction", "lock-timeout 7", "runas x"])(
  "the directive %s is refused, as it would not act",
  async (directive) => {
    await using bench = await withRepeatables({ "v.sql": `-- confiture: ${directive}\nselect 1;` });
    await expect(up(bench.target)).rejects.toMatchObject({
      code: "MIGR_102",
      context: { file: bench.project.path("db/repeatable/v.sql") },
    });
    expect(await bench.ask(sql`select to_regclass('t') as t`)).toEqual([{ t: null }]);
  },
);

test("words of the linter are no directives of the runner", async () => {
  await using bench = await withRepeatables({ "v.sql": "-- confiture: owner-only\nselect 1;" });
  expect((await up(bench.target)).repeatables).toEqual(["v.sql"]);
});

test("links are followed, folders named like files are not read, and a link that leads nowhere is told", async () => {
  await using bench = await withRepeatables({
    "folder.sql/inner.sql": "select 1",
    "elsewhere.txt": "select 2",
  });
  symlinkSync("elsewhere.txt", bench.project.path("db/repeatable/linked.sql"));
  expect((await up(bench.target)).repeatables).toEqual(["folder.sql/inner.sql", "linked.sql"]);
  symlinkSync("nowhere", bench.project.path("db/repeatable/lost.sql"));
  await expect(up(bench.target)).rejects.toMatchObject({ code: "CONFIG_004" });
});

test("settings of one file do not reach the next, and the timeouts hold for each, in a dry run too", async () => {
  const probe = (table: string) =>
    `create table if not exists ${table} as select current_setting('search_path') as path,
       current_setting('lock_timeout') as wait, current_setting('work_mem') = '1MB' as leaks;
     do $$ begin if exists (select from ${table} where leaks or wait <> '70ms') then raise 'leaked'; end if; end $$;`;
  await using bench = await withRepeatables({
    "1.sql": `set search_path = pg_catalog; set work_mem = '1MB'; set lock_timeout = '1min';
      select set_config('search_path', 'pg_temp', false);`,
    "2.sql": probe("seen"),
  });
  const target = { ...bench.target, limits: { lockTimeoutMs: 70 } };
  expect((await up(target, { dryRunExecute: true })).repeatables).toEqual(["1.sql", "2.sql"]);
  expect((await up(target)).repeatables).toEqual(["1.sql", "2.sql"]);
  expect(await bench.ask(sql`select path from public.seen`)).toEqual([{ path: '"$user", public' }]);
});

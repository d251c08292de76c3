import { rmSync } from "node:fs";
import { expect, inject, test } from "vitest";
import type { ConfitureError } from "../../../src/base/errors.ts";
import { baseline } from "../../../src/migrate/baseline.ts";
import { down } from "../../../src/migrate/down.ts";
import { findLedger } from "../../../src/migrate/ledger/ledger.ts";
import { beginProgress, hashOf, updateProgress } from "../../../src/migrate/ledger/progress.ts";
import { reinit } from "../../../src/migrate/reinit.ts";
import { status } from "../../../src/migrate/status.ts";
import { up } from "../../../src/migrate/up.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { parseScript } from "../../../src/sql/parse-script.ts";
import { sql } from "../../../src/sql/tag.ts";
import { preflight } from "../../../src/workflows/preflight.ts";
import { type Bench, testMigrations } from "../../support/migrations.ts";

const caught = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

const indexes = async (bench: Bench) =>
  (
    await bench.ask<{ name: string }>(sql`
    select relname || case when indisvalid then '' else ' INVALID' end as name
    from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = 't'::regclass order by 1`)
  ).map(({ name }) => name);

const halfDone = async (bench: Bench) => (await status(bench.target)).half_done;

const T = ["create table t (a int, b int)", "drop table t"] as const;

test("a failure half-way is recorded, shown by status, and the next run goes on behind what is done", async () => {
  await using bench = await testMigrations({
    "1_t": T,
    "2_i":
      "create index concurrently t_a on t (a);\ninsert into t values (1, 1);\ncreate index concurrently t_c on t (c);\ninsert into t values (2, 2);",
  });
  expect(await caught(up(bench.target))).toMatchObject({
    code: "MIGR_110",
    exit: 3,
    message: expect.stringContaining("statement 3 of 4"),
    context: { migration: "2", line: 3, details: { statement_number: 3, statements_total: 4 } },
  });
  expect(await halfDone(bench)).toMatchObject([
    {
      version: "2",
      direction: "up",
      statements_done: 2,
      statements_total: 4,
      running: null,
      error: expect.stringContaining("c"),
    },
  ]);
  expect((await status(bench.target)).pending).toEqual(["2"]);
  await bench.ask(sql`alter table t add column c int`);
  expect((await up(bench.target)).applied).toMatchObject([{ version: "2", rows_affected: 1 }]);
  expect(await bench.ask(sql`select a from t order by a`)).toEqual([{ a: 1 }, { a: 2 }]);
  expect(await indexes(bench)).toEqual(["t_a", "t_c"]);
  expect(await halfDone(bench)).toEqual([]);
});

test("the statement that failed may be corrected; what is done may not be changed", async () => {
  await using bench = await testMigrations({
    "1_t": T,
    "2_i": "create index concurrently t_a on t (a); create index concurrently t_x on t (x);",
  });
  await caught(up(bench.target));
  const file = "db/migrations/2_i.up.sql";
  bench.project.write(
    file,
    "create index concurrently t_ab on t (a, b); create index concurrently t_b on t (b);",
  );
  expect(await caught(up(bench.target))).toMatchObject({
    code: "MIGR_111",
    context: { migration: "2", actionable: expect.stringContaining("delete from public.confiture_progress") },
  });
  bench.project.write(
    file,
    "create index concurrently t_a on t (a); create index concurrently t_b on t (b); insert into t values (3, 3);",
  );
  expect((await up(bench.target)).applied).toMatchObject([{ version: "2" }]);
  expect(await indexes(bench)).toEqual(["t_a", "t_b"]);
});

test("a failure of the first statement leaves nothing to continue", async () => {
  await using bench = await testMigrations({ "1_t": T, "2_i": "create index concurrently t_x on t (x);" });
  expect(await caught(up(bench.target))).toMatchObject({ code: "MIGR_001" });
  expect(await halfDone(bench)).toEqual([]);
});

test.each(["t_u on", "if not exists t_u on", "on"])(
  "an index that a failed CREATE UNIQUE INDEX CONCURRENTLY %s left INVALID is dropped and rebuilt",
  async (name) => {
    await using bench = await testMigrations({
      "1_t": T,
      "2_i": `insert into t values (1, 1), (1, 2);`,
      "3_u": `create unique index concurrently ${name} t (a);`,
    });
    expect(await caught(up(bench.target))).toMatchObject({ code: "MIGR_001", context: { migration: "3" } });
    expect(await indexes(bench)).toMatchObject([expect.stringContaining("INVALID")]);
    await bench.ask(sql`delete from t where b = 2`);
    expect((await up(bench.target)).applied).toMatchObject([{ version: "3" }]);
    expect(await indexes(bench)).toEqual([name === "on" ? "t_a_idx" : "t_u"]);
  },
);

test("killed while an index is built: the next run takes the index that came about, or builds it again", async () => {
  await using bench = await testMigrations({
    "1_t": T,
    "2_i":
      "insert into t values (1, 1);\ncreate index concurrently t_a on t (a);\ninsert into t values (2, 2);",
  });
  await up(bench.target, { target: "1" });
  await using blocker = await Connection.open(bench.database.url);
  await blocker.run(sql`begin; insert into t values (9, 9)`);
  const run = caught(up(bench.target));
  await using other = await Connection.open(bench.database.url);
  const building = sql`select pid from pg_stat_activity where query like 'create index concurrently t_a%' and wait_event_type = 'Lock' and datname = current_database()`;
  let pid: number | undefined;
  while (pid === undefined) pid = (await other.rows<{ pid: number }>(building))[0]?.pid;
  await other.run(sql`select pg_terminate_backend(${pid})`);
  expect(await run).toMatchObject({ code: "CONFIG_006" });
  await blocker.run(sql`rollback`);
  expect(await halfDone(bench)).toMatchObject([
    { statements_done: 1, running: "create index concurrently t_a on t (a)" },
  ]);
  expect(await indexes(bench)).toEqual(["t_a INVALID"]);
  await up(bench.target);
  expect(await indexes(bench)).toEqual(["t_a"]);
  expect(await bench.ask(sql`select count(*)::int as n from t`)).toEqual([{ n: 2 }]);
});

test("what the cut-off statement had done is not done again", async () => {
  await using bench = await testMigrations({
    "1_t": T,
    "2_i": "insert into t values (1, 1);\ncreate index concurrently t_a on t (a);\ninsert into t values (x);",
  });
  await caught(up(bench.target));
  // As if the run had been cut off after the index was built and before that was recorded.
  const done = "insert into t values (1, 1)\0\0";
  await bench.ask(sql`update confiture_progress set statements_done = 1, error = null,
    running = 'create index concurrently t_a on t (a)', done_hash = encode(sha256(${Buffer.from(done)}), 'hex')`);
  bench.project.write(
    "db/migrations/2_i.up.sql",
    "insert into t values (1, 1);\ncreate index concurrently t_a on t (a);\ninsert into t values (2, 2);",
  );
  expect((await up(bench.target)).applied).toMatchObject([{ version: "2", rows_affected: 1 }]);
  expect(await bench.ask(sql`select count(*)::int as n from t`)).toEqual([{ n: 2 }]);
});

test("a rollback half-way is finished by down, and up refuses to run over it", async () => {
  await using bench = await testMigrations({
    "1_t": T,
    "2_i": [
      "create index concurrently t_a on t (a); create index concurrently t_b on t (b);",
      "drop index concurrently t_b; drop index concurrently t_missing; drop index concurrently t_a;",
    ],
  });
  await up(bench.target);
  expect(await caught(down(bench.target))).toMatchObject({ code: "MIGR_110", context: { migration: "2" } });
  expect(await halfDone(bench)).toMatchObject([{ version: "2", direction: "down", statements_done: 1 }]);
  expect(await caught(up(bench.target))).toMatchObject({
    code: "MIGR_111",
    context: { actionable: expect.stringContaining("migrate down") },
  });
  await bench.ask(sql`create index t_missing on t (a, b)`);
  expect((await down(bench.target)).rolled_back).toMatchObject([{ version: "2" }]);
  expect(await indexes(bench)).toEqual([]);
  expect((await up(bench.target)).applied).toMatchObject([{ version: "2" }]);
});

test("roles and settings of the file hold again when a run goes on, and do not write our record", async () => {
  await using bench = await testMigrations({
    "1_t": T,
    "2_i": `-- confiture: no-transaction
set search_path = pg_catalog;
set role pg_monitor;
vacuum (only_database_stats_x) public.t;
do $$ begin if current_user <> 'pg_monitor' or current_setting('search_path') <> 'pg_catalog' then raise 'not restored'; end if; end $$;`,
  });
  await caught(up(bench.target));
  expect(await halfDone(bench)).toMatchObject([{ statements_done: 2 }]);
  bench.project.write(
    "db/migrations/2_i.up.sql",
    `-- confiture: no-transaction
set search_path = pg_catalog;
set role pg_monitor;
do $$ begin if current_user <> 'pg_monitor' or current_setting('search_path') <> 'pg_catalog' then raise 'not restored'; end if; end $$;`,
  );
  expect((await up(bench.target)).applied).toMatchObject([{ version: "2" }]);
});

test("a block that commits by itself runs as it is", async () => {
  await using bench = await testMigrations({
    "1_t": T,
    "2_batches":
      "-- confiture: no-transaction\ndo $$ begin for i in 1..3 loop insert into t values (i); commit; end loop; end $$;",
  });
  expect((await up(bench.target)).applied).toMatchObject([{ version: "1" }, { version: "2" }]);
  expect(await bench.ask(sql`select count(*)::int as n from t`)).toEqual([{ n: 3 }]);
});

/** Sessions of the run that wait for a lock; resolves with the first. */
async function waiting(db: Connection): Promise<number> {
  for (;;) {
    const [row] = await db.rows<{ pid: number }>(sql`
      select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`);
    if (row) return row.pid;
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test.each([
  ["reindex index concurrently t_a", ["t_a"]],
  ["reindex table concurrently t", ["t_a"]],
  ["drop index concurrently t_a", []],
])("%s waits its turn without the lock timeout, and leaves no INVALID index behind", async (text, left) => {
  await using bench = await testMigrations({
    "1_t": ["create table t (a int, b int); create index t_a on t (a)", "drop table t"],
    "2_i": text,
  });
  await up(bench.target, { target: "1" });
  await using blocker = await Connection.open(bench.database.url);
  await blocker.run(sql`begin; insert into t values (9, 9)`);
  const run = caught(up({ ...bench.target, limits: { lockTimeoutMs: 50, lockRetries: 1 } }));
  await using other = await Connection.open(bench.database.url);
  await waiting(other);
  await pause(500);
  expect((await indexes(bench)).length).toBeLessThan(3);
  await blocker.run(sql`rollback`);
  expect(await run).toMatchObject({ applied: [{ version: "2" }] });
  expect(await indexes(bench)).toEqual(left);
});

// DETACH … CONCURRENTLY came with PostgreSQL 14.
test("a partition whose concurrent detach gave up half-way is detached by the next try", async ({ skip }) => {
  if (inject("serverMajor") < 14) skip();
  await using bench = await testMigrations({
    "1_t": "create table t (a int) partition by list (a); create table t1 partition of t for values in (1)",
    "2_d": "alter table t detach partition t1 concurrently",
  });
  await using blocker = await Connection.open(bench.database.url);
  await up(bench.target, { target: "1" });
  await blocker.run(sql`begin; insert into t values (1)`);
  const limits = { lockTimeoutMs: 50, lockRetries: 2 };
  expect(await caught(up({ ...bench.target, limits }))).toMatchObject({ code: "LOCK_1301" });
  await blocker.run(sql`commit`);
  expect((await up({ ...bench.target, limits })).applied).toMatchObject([{ version: "2" }]);
  expect(await bench.ask(sql`select from pg_inherits`)).toEqual([]);
});

test("what commits by itself is not tried again for a lock, as its first half would be done twice", async () => {
  await using bench = await testMigrations({
    "1_t": `create table t (a int, b int); create procedure p() language plpgsql as $$
      begin insert into t values (1, 1); commit; lock table t in access exclusive mode nowait; end $$`,
    "2_c": "-- confiture: no-transaction\nselect 1; call p();",
  });
  await up(bench.target, { target: "1" });
  await using blocker = await Connection.open(bench.database.url);
  await blocker.run(sql`begin; lock table t in row exclusive mode`);
  expect(await caught(up({ ...bench.target, limits: { lockTimeoutMs: 20 } }))).toMatchObject({
    code: "MIGR_110",
    context: { details: { sqlstate: "55P03", statement_number: 2 } },
  });
  expect(await bench.ask(sql`select a from t`)).toEqual([{ a: 1 }]);
});

/** As if a run had been cut off in the second of two statements. */
async function cutOffInSecond(bench: Bench, first: string, second: string): Promise<void> {
  await using db = await Connection.open(bench.database.url);
  const ledger = await findLedger(db, "tb_confiture");
  const { statements } = await parseScript({ text: `${first}; ${second}` }, "MIGR_108");
  await beginProgress(db, ledger, { version: "2", name: "i", direction: "up", statements_total: 2 });
  const done = { statements_done: 1, done_hash: hashOf(statements.slice(0, 1)), running: second };
  await db.run(updateProgress(ledger, { version: "2", statements_done: 0 }, done));
}

test.each([
  ["(a)", "(b)", false],
  ["(a)", "(a)", true],
  ["((a + 1))", "((a + 2))", false],
  ["(a)", "using hash (a)", false],
  ["(a desc)", "(a)", false],
  ["(a) include (b)", "(a)", false],
  ["(a) where a > 1", "(a) where a > 2", false],
  ["(c varchar_pattern_ops)", "(c)", false],
  ['(c collate "C")', "(c)", false],
])(
  "cut off in an index without a name: %s does not pass for %s, unless they are the same",
  async (one, two, isSame) => {
    const [first, second] = [one, two].map((what) => `create index concurrently on t ${what}`);
    await using bench = await testMigrations({
      "1_t": "create table t (a int, b int, c varchar)",
      "2_i": `${first}; ${second};`,
    });
    await up(bench.target, { target: "1" });
    await bench.ask(sql.raw(`create index on t ${one}`));
    await cutOffInSecond(bench, first!, second!);
    await up(bench.target);
    expect((await indexes(bench)).length).toBe(isSame ? 1 : 2);
  },
);

test("the file's own lock_timeout holds behind an index, and its set_config when a run goes on", async () => {
  const text = `set lock_timeout = '7s';
select pg_catalog.set_config('search_path', 's', false);
create index concurrently on public.t (a);
insert into t select 1 from pg_settings where name = 'lock_timeout' and setting = '7000' and exists (select from u);`;
  await using bench = await testMigrations({
    "1_t": "create table t (a int); create schema s; create table s.t (a int)",
    "2_i": text,
  });
  expect(await caught(up(bench.target))).toMatchObject({ code: "MIGR_110" });
  await bench.ask(sql`create table s.u as select 1`);
  expect((await up(bench.target)).applied).toMatchObject([{ version: "2", rows_affected: 1 }]);
  expect(await bench.ask(sql`select a from s.t`)).toEqual([{ a: 1 }]);
});

test("no password of a statement is told or recorded", async () => {
  const create = "create role confiture_secret_role";
  await using bench = await testMigrations({
    "1_s": `-- confiture: no-transaction
${create} password 'hunter2';
drop role confiture_secret_role;
create subscription s connection 'host=127.0.0.1 port=1 password=hunter2 connect_timeout=1' publication p;`,
  });
  const error = await caught(up(bench.target));
  expect(error).toMatchObject({
    code: "MIGR_110",
    context: { details: { statements_done: [`${create} password …`, "drop role confiture_secret_role"] } },
  });
  const recorded = await bench.ask(sql`select running, error from confiture_progress`);
  const checked = await preflight({ target: bench.target, static: true, schema: undefined, scratch: {} });
  expect(checked.change_set.changes).toMatchObject([{ detail: `${create} password …` }, {}, {}]);
  const { context } = error as ConfitureError;
  for (const told of [context.details, recorded, checked])
    expect(JSON.stringify(told)).not.toContain("hunter2");
});

const HALF = "-- confiture: no-transaction\ninsert into t values (1, 1);\ninsert into t values (x);";

test("what is half-way up must be finished or undone before anything below it is rolled back", async () => {
  await using bench = await testMigrations({ "1_t": T, "2_i": HALF });
  await caught(up(bench.target));
  const undone = "delete from public.confiture_progress where ledger = 'tb_confiture' and version = '2'";
  for (const dryRun of [true, false]) {
    expect(await caught(down(bench.target, { dryRun }))).toMatchObject({
      code: "MIGR_111",
      message: "2 stopped after 1 of 2 statements",
      context: { migration: "2", actionable: expect.stringContaining(undone) },
    });
  }
  await bench.ask(sql.raw(undone));
  expect((await down(bench.target)).rolled_back).toMatchObject([{ version: "1" }]);
});

test("a half-way migration whose file is gone is warned of by up and status", async () => {
  await using bench = await testMigrations({ "1_t": T, "2_i": HALF });
  await caught(up(bench.target));
  rmSync(bench.project.path("db/migrations/2_i.up.sql"));
  const warning = expect.stringContaining("2_i stopped after 1 of 2 statements, and its file is gone");
  expect(await up(bench.target)).toMatchObject({ applied: [], warnings: [warning] });
  expect((await status(bench.target)).hints).toEqual([warning]);
});

test("a baseline settles what was half-way, and says so", async () => {
  await using bench = await testMigrations({ "1_t": T, "2_i": HALF });
  await caught(up(bench.target));
  expect(await baseline(bench.target, { through: "2" })).toMatchObject({
    marked: [{ version: "2" }],
    warnings: ["2 had stopped after 1 of 2 statements; it counts as applied now"],
  });
  expect(await halfDone(bench)).toEqual([]);
});

test("a ledger that is begun anew knows nothing of what was half-way, nor of repeatable files", async () => {
  await using bench = await testMigrations({ "1_t": T, "2_i": HALF });
  bench.project.write("db/repeatable/v.sql", "create or replace view v as select 1 as one");
  const target = { ...bench.target, repeatableDir: bench.project.path("db/repeatable") };
  const beside = sql`select (select count(*)::int from confiture_progress) as half,
    (select count(*)::int from confiture_repeatable) as ran`;
  await up(target, { target: "1" });
  await bench.ask(sql`insert into tb_confiture (slug, version, name) values ('2', '2', 'i')`);
  await up(target, { onChecksumMismatch: "ignore" });
  await bench.ask(sql`delete from tb_confiture where version = '2'`);
  await caught(up(target));
  expect(await bench.ask(beside)).toEqual([{ half: 1, ran: 1 }]);
  await reinit(target, { through: "1" });
  expect(await bench.ask(beside)).toEqual([{ half: 0, ran: 0 }]);
  await caught(up(target));
  await bench.ask(sql`drop table tb_confiture, t`);
  await caught(up(target));
  expect(await bench.ask(sql`select a from t`)).toEqual([{ a: 1 }]);
});

test("two runs that go on with one migration at once do each statement once, and one of them gives up", async () => {
  await using bench = await testMigrations({
    "1_t": T,
    "2_i":
      "-- confiture: no-transaction\ninsert into t values (1); select pg_sleep(1); insert into t values (2);",
  });
  await up(bench.target, { target: "1" });
  const first = caught(up(bench.target, { noLock: true }));
  while ((await bench.ask(sql`select from t`)).length === 0) await pause(10);
  const ends = await Promise.all([first, caught(up(bench.target, { noLock: true }))]);
  const lost = expect.objectContaining({ code: "MIGR_111", message: expect.stringContaining("another run") });
  expect(ends).toContainEqual(lost);
  expect(ends).toContainEqual(expect.objectContaining({ success: true }));
  expect(await bench.ask(sql`select a from t order by a`)).toEqual([{ a: 1 }, { a: 2 }]);
  expect(await halfDone(bench)).toEqual([]);
});

test("the index of a partitioned table, INVALID until its partitions have theirs, is left alone", async () => {
  await using bench = await testMigrations({
    "1_t": `create table t (a int) partition by list (a); create table t1 partition of t for values in (1);
      create index on only t (a)`,
    "2_i": "create index concurrently on t (a)",
  });
  expect(await caught(up(bench.target))).toMatchObject({
    code: "MIGR_001",
    message: 'cannot create index on partitioned table "t" concurrently',
    context: { line: 1 },
  });
  expect(await indexes(bench)).toEqual(["t_a_idx INVALID"]);
});

import { expect, inject, test } from "vitest";
import { silentLog } from "../../../src/base/log.ts";
import { baseline } from "../../../src/migrate/baseline.ts";
import { ensureLedger } from "../../../src/migrate/ledger/ledger.ts";
import { up } from "../../../src/migrate/up.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { readSnapshot } from "../../../src/schema/snapshot.ts";
import { sql } from "../../../src/sql/tag.ts";
import { preflight, type PreflightOptions } from "../../../src/workflows/preflight.ts";
import { type Bench, testMigrations } from "../../support/migrations.ts";

const TWO = {
  "1_users": ["create table users (id int primary key, email text)", "drop table users"],
  "2_orders": [
    "create table orders (id int primary key, user_id int references users);\ncreate view paid as select id from orders;",
    "drop view paid; drop table orders",
  ],
} as const;

const SCHEMA = {
  "db/schema/10_users.sql": "create table users (id int primary key, email text);\n",
  "db/schema/20_orders.sql":
    "create view paid as select id from orders;\ncreate table orders (id int primary key, user_id int references users);\n",
};

/** Scratch databases on the run's own server, so that every major version of it has its scratch. */
const rehearse = (bench: Bench, options: Partial<PreflightOptions> = {}) =>
  preflight({
    target: bench.target,
    schema: { projectDir: bench.project.dir, includeDirs: [{ path: "db/schema" }] },
    scratch: { url: inject("serverUrl") },
    ...options,
  });

async function withSchema(
  changes: Readonly<Record<string, string>> = {},
  migrations: Parameters<typeof testMigrations>[0] = TWO,
) {
  const bench = await testMigrations(migrations);
  for (const [file, text] of Object.entries({ ...SCHEMA, ...changes })) bench.project.write(file, text);
  return bench;
}

const codes = (result: Awaited<ReturnType<typeof rehearse>>) => result.issues.map((issue) => issue.code);

test("a chain that leads to its DDL files, on a scratch database", async () => {
  await using bench = await withSchema();
  const result = await rehearse(bench);
  expect(result).toMatchObject({
    ok: true,
    against: null,
    drift: { compared: true, changes: [] },
    issues: [],
  });
  expect(result.replay.map((r) => [r.version, r.success])).toEqual([
    ["1", true],
    ["2", true],
  ]);
});

test("on a copy: only what is pending there is replayed, and the copy is left as it was", async () => {
  await using bench = await withSchema();
  await up(bench.target, { target: "1" });
  await using db = await Connection.open(bench.database.url);
  const before = await readSnapshot(db, {});
  const result = await rehearse(bench, { against: bench.database.url });
  expect(result).toMatchObject({
    ok: true,
    summary: { errors: 0, migrations_checked: 1, db_consumed: false },
  });
  expect(result.replay.map((r) => r.version)).toEqual(["2"]);
  expect(await readSnapshot(db, {})).toEqual(before);
  expect(await bench.ask(sql`select version from tb_confiture`)).toEqual([{ version: "1" }]);
});

test.each([
  [
    "a column that only the DDL files have",
    { "db/schema/10_users.sql": "create table users (id int primary key, email text, name text);" },
    "PFLIGHT_DRIFT_MISSING",
    "column public.users.name",
  ],
  [
    "a column that only the migrations make",
    { "db/schema/10_users.sql": "create table users (id int primary key);" },
    "PFLIGHT_DRIFT_EXTRA",
    "column public.users.email",
  ],
  [
    "another type",
    { "db/schema/10_users.sql": "create table users (id int primary key, email varchar(9));" },
    "PFLIGHT_DRIFT_CHANGED",
    "type",
  ],
  [
    "another view",
    { "db/schema/30.sql": "create or replace view paid as select id from orders where id > 0;" },
    "PFLIGHT_DRIFT_CHANGED",
    "paid",
  ],
])("drift: %s", async (_what, changes, code, said) => {
  await using bench = await withSchema(changes);
  const result = await rehearse(bench);
  expect(result.ok).toBe(false);
  expect(codes(result)).toEqual([code]);
  expect(JSON.stringify(result.issues)).toContain(said);
});

test("every failure is found in one pass, and later migrations are still tried", async () => {
  await using bench = await withSchema(
    {},
    {
      ...TWO,
      "3_bad": ["select 1;\ninsert into users values (1), (1);", "select 1"],
      "4_worse": ["creat table x ()", "select 1"],
      "5_fine": ["create table five ()", "drop table five"],
    },
  );
  const result = await rehearse(bench, { against: bench.database.url });
  expect(result.replay.map((r) => r.success)).toEqual([true, true, false, false, true]);
  const failures = result.issues.filter((issue) => issue.code === "PFLIGHT_REPLAY_FAILED");
  expect(failures.map((f) => [f.migration, f.line, f.details["error_code"]])).toEqual([
    ["3", 2, "MIGR_001"],
    ["4", 1, "MIGR_108"],
  ]);
  expect(JSON.stringify(result.drift.changes)).toContain("public.five");
});

test("CREATE INDEX CONCURRENTLY is replayed without CONCURRENTLY on a copy, and compared", async () => {
  const migrations = {
    ...TWO,
    "3_index": ["create index concurrently users_email on users (email)", "drop index users_email"],
  } as const;
  await using bench = await withSchema(
    { "db/schema/40.sql": "create index users_email on users (email);" },
    migrations,
  );
  const result = await rehearse(bench, { against: bench.database.url });
  expect(result).toMatchObject({ ok: true, drift: { changes: [] }, summary: { warnings: 1 } });
  expect(result.replay[2]!.notes[0]).toContain("without CONCURRENTLY");
  expect((await rehearse(bench)).ok).toBe(true);
  expect((await rehearse(bench, { strict: true })).ok).toBe(false);
});

test("an enum value that the next migration uses: a copy must be used up to know", async () => {
  const migrations = {
    "1_kind": ["create type kind as enum ('a'); create table k (k kind)", "drop table k; drop type kind"],
    "2_value": ["alter type kind add value 'b'", "select 1"],
    "3_use": ["alter table k add check (k <> 'b')", "select 1"],
  } as const;
  await using bench = await testMigrations(migrations);
  await up(bench.target, { target: "1" });
  const options = { schema: undefined, against: bench.database.url };
  const first = await rehearse(bench, options);
  expect(first.issues[0]).toMatchObject({
    migration: "3",
    actionable: expect.stringContaining("--allow-non-transactional"),
  });
  expect(await rehearse(bench, { schema: undefined })).toMatchObject({ ok: true });
  const second = await rehearse(bench, { ...options, allowNonTransactional: true });
  expect(second).toMatchObject({ ok: true, summary: { db_consumed: true } });
  expect(await bench.ask(sql`select version from tb_confiture`)).toEqual([{ version: "1" }]);
});

test("subscriptions are made without connecting, compared, and do not keep a scratch database alive", async () => {
  const subscription =
    "create subscription news connection 'host=192.0.2.1 connect_timeout=60' publication p, q;\n";
  await using bench = await withSchema(
    { "db/schema/50.sql": subscription },
    { ...TWO, "3_sub": [subscription, "drop subscription news"] },
  );
  expect(await rehearse(bench)).toMatchObject({ ok: true, drift: { compared: true, changes: [] } });
  bench.project.write("db/schema/50.sql", "select 1;");
  expect(JSON.stringify((await rehearse(bench)).drift.changes)).toContain("subscription news");
  expect(await bench.ask(sql`select subname from pg_subscription`)).toEqual([]);
});

test("what would never run does not pass in silence: Python files, stray SQL, a missing directory", async () => {
  await using bench = await withSchema();
  bench.project.write("db/migrations/3_old.py", "class Old: ...");
  bench.project.write("db/migrations/stray.sql", "select 1");
  const result = await rehearse(bench);
  expect(result.issues.map((i) => [i.code, i.severity])).toEqual([
    ["MIGR_109", "error"],
    ["MIGR_102", "warning"],
  ]);
  expect(result.window_safe).toBe(false);
  const nowhere = { ...bench.target, migrationsDir: bench.project.path("nowhere") };
  await expect(rehearse(bench, { target: nowhere })).rejects.toMatchObject({ code: "CONFIG_004", exit: 5 });
});

test("a missing down file says no, unless the migration is declared irreversible", async () => {
  await using bench = await withSchema(
    { "db/schema/50.sql": "create table a (); create table b ();" },
    {
      ...TWO,
      "3_a": "create table a ()",
      "4_b": "-- confiture: irreversible\ncreate table b ()",
    },
  );
  const result = await rehearse(bench);
  expect(result.ok).toBe(false);
  expect(result.issues.map((i) => [i.code, i.severity, i.migration])).toEqual([
    ["PFLIGHT_MISSING_DOWN", "error", "3"],
    ["PFLIGHT_MISSING_DOWN", "info", "4"],
  ]);
});

test("the tracking database decides where the copy has no ledger; a disagreement is a hint", async () => {
  await using production = await withSchema();
  await up(production.target, { target: "1" });
  await using copy = await withSchema();
  await copy.ask(sql`create table users (id int primary key, email text)`);
  const options = { against: copy.database.url, trackingUrl: production.database.url };
  const first = await rehearse(copy, options);
  expect(first.replay.map((r) => r.version)).toEqual(["2"]);
  expect(first.hints.join()).toContain("has no ledger");
  await baseline(copy.target, { through: "2" });
  const second = await rehearse(copy, options);
  expect(second.replay).toEqual([]);
  expect(second.hints.join()).toContain("disagree about 2");
  const third = await rehearse(copy, { ...options, since: "2_orders" });
  expect(third.replay.map((r) => r.version)).toEqual(["2"]);
  expect(third.hints).toEqual([]);
});

test("a project without DDL files is not compared, and a hint says so", async () => {
  await using bench = await testMigrations(TWO);
  const result = await rehearse(bench, { schema: undefined });
  expect(result).toMatchObject({ ok: true, drift: { compared: false } });
  expect(result.hints.join()).toContain("not compared");
});

test("an applied migration that was edited says no", async () => {
  await using bench = await withSchema();
  await up(bench.target);
  bench.project.write("db/migrations/1_users.up.sql", "create table users (id int)");
  expect(codes(await rehearse(bench, { against: bench.database.url }))).toEqual([
    "PFLIGHT_CHECKSUM_MISMATCH",
  ]);
});

test("owners of production do not count as drift; an owner that the DDL files name does", async () => {
  await using bench = await withSchema();
  const role = `app_${bench.database.name}`;
  await bench.ask(sql.raw(`create role ${role}`));
  await up(bench.target);
  await bench.ask(sql.raw(`alter table users owner to ${role}`));
  expect((await rehearse(bench, { against: bench.database.url })).drift.changes).toEqual([]);
  bench.project.write("db/schema/60.sql", `alter table orders owner to ${role};`);
  const { drift } = await rehearse(bench, { against: bench.database.url });
  expect(drift.changes.map((c) => c.object).join()).toContain("orders");
});

test("no password of the copy's URL appears in the result", async () => {
  await using bench = await testMigrations(TWO);
  const against = bench.database.url.replace("postgres@", "postgres:s3cret@");
  const result = await rehearse(bench, {
    schema: undefined,
    against,
    target: { ...bench.target, log: silentLog },
  });
  expect(JSON.stringify(result)).not.toContain("s3cret");
  expect(result.against).toContain(bench.database.name);
});

test("repeatable files are rehearsed behind the migrations, on a scratch database and on a copy", async () => {
  await using bench = await withSchema({
    "db/schema/30_report.sql": "create view report as select id from users;\n",
    "db/repeatable/report.sql": "create or replace view report as select id from users;\n",
  });
  const target = { ...bench.target, repeatableDir: bench.project.path("db/repeatable") };
  const onScratch = await rehearse(bench, { target });
  expect(onScratch).toMatchObject({ ok: true, drift: { changes: [] } });
  expect(onScratch.replay.at(-1)).toMatchObject({ version: "repeatable", name: "report.sql", success: true });
  const onCopy = await rehearse(bench, { target, against: bench.database.url });
  expect(onCopy).toMatchObject({ ok: true, drift: { changes: [] } });
  const traces = sql`select to_regclass('report') as r, to_regclass('confiture_repeatable') as t`;
  expect(await bench.ask(traces)).toEqual([{ r: null, t: null }]);
  bench.project.write("db/repeatable/report.sql", "create view report as select nothing from users;");
  const failing = await rehearse(bench, { target, against: bench.database.url });
  const told = failing.issues.find((issue) => issue.code === "PFLIGHT_REPLAY_FAILED");
  expect(told).toMatchObject({ file: expect.stringContaining("report.sql"), line: 1 });
});

/** One of each problem that the files alone show; migration 1 is what tests apply. */
async function withProblems(applied?: string) {
  const bench = await testMigrations({
    "1_a": ["create table a (id int)", "drop table a"],
    "2_b": "create table b ()",
    "3_c": ["create index concurrently a_id on a (id)", "drop index a_id"],
    "4_d": ["create table d ()", "drop table d"],
  });
  if (applied !== undefined) await baseline(bench.target, { through: applied });
  bench.project.write("db/migrations/4_e.up.sql", "create table e ()");
  bench.project.write("db/migrations/4_e.down.sql", "drop table e");
  const check = (options: Partial<PreflightOptions> = {}) =>
    rehearse(bench, { static: true, schema: undefined, ...options });
  return { ...bench, bench, check, [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose]() };
}

const FOUND_IN_FILES = [
  ["PFLIGHT_DUPLICATE_VERSION", "4"],
  ["PFLIGHT_MISSING_DOWN", "2"],
  ["PFLIGHT_NON_TRANSACTIONAL", "3"],
];

const found = (result: Awaited<ReturnType<typeof rehearse>>) =>
  result.issues.filter((i) => !i.code.includes("REPLICA")).map((i) => [i.code, i.migration]);

test("static, without a ledger: all files, nothing run, no checksum", async () => {
  await using setting = await withProblems();
  const result = await setting.check({ scratch: { url: "postgresql://nobody@127.0.0.1:1/none" } });
  expect(result).toMatchObject({
    ok: false,
    rehearsed_on: null,
    against: null,
    replay: [],
    drift: { compared: false },
    summary: { migrations_checked: 5, errors: 2 },
    hints: [],
  });
  expect(found(result)).toEqual(FOUND_IN_FILES);
});

test("static, with a ledger: pending files only, and checksums of the applied ones", async () => {
  await using setting = await withProblems("1");
  const trackingUrl = setting.database.url;
  const pending = await setting.check({ trackingUrl });
  expect(pending.summary.migrations_checked).toBe(4);
  expect(found(pending)).toEqual(FOUND_IN_FILES);
  expect(pending.issues.map((i) => i.code)).not.toContain("PFLIGHT_REPLICA_CREATE_INDEX");
  await setting.ask(sql`insert into tb_confiture (id, slug, version, name, checksum)
    select gen_random_uuid(), v, v, 'x', null from unnest(array['2', '3', '4']) v`);
  const applied = await setting.check({ trackingUrl });
  expect(applied.summary.migrations_checked).toBe(0);
  expect(applied.window_safe).toBe(true);
  expect(found(applied).map(([code]) => code)).toEqual([
    "PFLIGHT_DUPLICATE_VERSION",
    ...["2", "3", "4", "4"].map(() => "PFLIGHT_CHECKSUM_MISMATCH"),
  ]);
});

test("static: --since chooses files; an unreachable ledger is an error, a missing or empty one a hint", async () => {
  await using setting = await withProblems();
  expect((await setting.check({ since: "4" })).summary.migrations_checked).toBe(2);
  await expect(setting.check({ trackingUrl: "postgresql://nobody@127.0.0.1:1/none" })).rejects.toMatchObject({
    code: "CONFIG_006",
    exit: 3,
  });
  const trackingUrl = setting.database.url;
  expect((await setting.check({ trackingUrl })).hints).toEqual([expect.stringContaining("does not exist")]);
  await using db = await Connection.open(trackingUrl);
  await db.transaction(async () => void (await ensureLedger(db, "tb_confiture")));
  expect((await setting.check({ trackingUrl })).hints).toEqual([expect.stringContaining("is empty")]);
  const onCopy = await rehearse(setting.bench, { against: trackingUrl, schema: undefined });
  expect(onCopy.hints.join()).toContain("is empty");
});

test("on a scratch database the whole chain is replayed, and what a ledger says is pending is checked", async () => {
  await using bench = await withSchema(
    {},
    { ...TWO, "3_index": ["create index on users (email)", "select 1"] },
  );
  await up(bench.target, { target: "2" });
  const unnamed = await rehearse(bench);
  expect(unnamed).toMatchObject({ rehearsed_on: "scratch", window_safe: true });
  const result = await rehearse(bench, { trackingUrl: bench.database.url });
  expect(result.replay).toHaveLength(3);
  expect(result.summary.migrations_checked).toBe(1);
  expect(result).toMatchObject({ window_safe: false });
  expect(codes(result)).toContain("PFLIGHT_REPLICA_CREATE_INDEX");
  expect(result.change_set.changes).toMatchObject([
    { tier: "lock_risky", lock: "SHARE", duration: "minutes+" },
  ]);
});

test("replicas make the same finding an error", async () => {
  await using bench = await testMigrations({ "1_drop": ["drop table if exists gone", "select 1"] });
  const check = (replicas: string[], allowUnsafe = false) =>
    rehearse(bench, { static: true, replication: { replicas, allowUnsafe } });
  expect(await check([])).toMatchObject({ ok: true, window_safe: false });
  expect(await check(["standby"])).toMatchObject({ ok: false, window_safe: false });
  expect(await check(["standby"], true)).toMatchObject({ ok: true, window_safe: false });
});

test("live dependents are looked up before the replay; without a copy that is told", async () => {
  await using bench = await testMigrations({
    "1_base": ["create view base as select 1 as one; create view top as select one from base", "select 1"],
    "2_more": ["create or replace view base as select 1 as one, 2 as two", "select 1"],
  });
  await up(bench.target, { target: "1" });
  const options = { against: bench.database.url, schema: undefined };
  expect(await rehearse(bench, options)).not.toHaveProperty("dependent_analysis");
  const warned = await rehearse(bench, { ...options, checkDependents: "warn" });
  expect(warned).toMatchObject({
    ok: true,
    dependent_analysis: {
      status: "ok",
      has_blocking: true,
      entries: [{ dependents: [{ kind: "view", name: "top", referenced_columns: ["one"] }] }],
    },
  });
  const refused = await rehearse(bench, { ...options, checkDependents: "fail" });
  expect(refused.ok).toBe(false);
  expect(refused.issues.at(-1)).toMatchObject({
    code: "PFLIGHT_LIVE_DEPENDENTS",
    severity: "error",
    migration: "2",
  });
  const skipped = await rehearse(bench, { static: true, checkDependents: "fail" });
  expect(skipped.dependent_analysis).toMatchObject({ status: "skipped", skip_reason: "no_preflight_db" });
  expect(skipped.issues).toMatchObject([{ code: "PFLIGHT_LIVE_DEPENDENTS", severity: "warning" }]);
});

test("a rehearsal records nothing, so that the ledger's schema need not exist where it runs", async () => {
  await using bench = await withSchema({
    "db/repeatable/v.sql": "create or replace view v as select 1 as one;",
  });
  const repeatableDir = bench.project.path("db/repeatable");
  const target = { ...bench.target, repeatableDir, trackingTable: "ops.ledger" };
  for (const against of [undefined, bench.database.url]) {
    const { replay } = await rehearse(bench, { target, against });
    expect(replay.map((r) => [r.version, r.success])).toEqual([
      ["1", true],
      ["2", true],
      ["repeatable", true],
    ]);
  }
});

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ConfitureError } from "../../../src/base/errors.ts";
import { takeMigrationLock } from "../../../src/migrate/lock/lock.ts";
import { up } from "../../../src/migrate/up.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testMigrations } from "../../support/migrations.ts";

const THREE = {
  "9_users": ["create table users (id int primary key)", "drop table users"],
  "10_orders": [
    "create table orders (id int primary key, user_id int references users)",
    "drop table orders",
  ],
  "11_fill": ["insert into users values (1), (2)", "delete from users"],
} as const;

const tables = sql`select count(*)::int as n from pg_tables
  where schemaname = 'public' and tablename not in ('tb_confiture', 'confiture_lock_holder')`;

test("applies in version order and records what ran", async () => {
  await using bench = await testMigrations(THREE);
  const result = await up(bench.target);
  expect(result).toMatchObject({ success: true, skipped: [], pending: [], checksums_verified: true });
  expect(result.applied.map((m) => [m.version, m.rows_affected])).toEqual([
    ["9", 0],
    ["10", 0],
    ["11", 2],
  ]);
  const rows = await bench.ask<Record<string, unknown>>(
    sql`select * from tb_confiture order by pk_confiture`,
  );
  expect(rows.map((row) => row["version"])).toEqual(["9", "10", "11"]);
  const hash = createHash("sha256")
    .update(readFileSync(bench.project.path("db/migrations/9_users.up.sql")))
    .digest("hex");
  expect(rows[0]).toMatchObject({ name: "users", checksum: hash, applied_by: "postgres" });
  expect(rows[0]!["execution_time_ms"]).toBeGreaterThanOrEqual(0);
  expect(String(rows[0]!["slug"])).toMatch(/^9_users_\d{8}_\d{6}/);
});

test("a second run finds nothing to do", async () => {
  await using bench = await testMigrations(THREE);
  await up(bench.target);
  expect(await up(bench.target)).toMatchObject({ success: true, applied: [], skipped: ["9", "10", "11"] });
});

test("the ledger has exactly the columns and defaults of the shared format", async () => {
  await using bench = await testMigrations(THREE);
  await up(bench.target);
  const columns = await bench.ask(sql`
    select column_name as name, data_type as type, character_maximum_length as length, is_nullable as nullable,
           is_identity as identity, column_default as default
    from information_schema.columns where table_name = 'tb_confiture' order by ordinal_position`);
  expect(columns.map((c) => Object.values(c).join(" "))).toMatchInlineSnapshot(`
    [
      "id uuid  NO NO gen_random_uuid()",
      "pk_confiture bigint  NO YES ",
      "slug text  NO NO ",
      "version character varying 255 NO NO ",
      "name character varying 255 NO NO ",
      "applied_at timestamp with time zone  NO NO now()",
      "execution_time_ms integer  YES NO ",
      "checksum character varying 64 YES NO ",
      "applied_by text  YES NO ",
    ]
  `);
});

test("--target stops after the version, by number and not by text", async () => {
  await using bench = await testMigrations(THREE);
  const result = await up(bench.target, { target: "10_orders" });
  expect(result.applied.map((m) => m.version)).toEqual(["9", "10"]);
  expect(result.pending).toEqual(["11"]);
  await expect(up(bench.target, { target: "12" })).rejects.toMatchObject({ code: "MIGR_100" });
});

test("a failing migration is rolled back whole, those before it stay, and the error says so", async () => {
  await using bench = await testMigrations({
    ...THREE,
    "12_broken": ["create table half (a int);\ninsert into users values (1);\n", "drop table half"],
    "13_never": ["create table never ()", "drop table never"],
  });
  const error: unknown = await up(bench.target).catch((e: unknown) => e);
  expect(error).toMatchObject({
    code: "MIGR_001",
    exit: 3,
    context: {
      migration: "12",
      line: 2,
      file: expect.stringContaining("12_broken.up.sql"),
      details: { sqlstate: "23505", pending: ["12", "13"] },
    },
  });
  expect(await bench.ask(tables)).toEqual([{ n: 2 }]);
  expect(await bench.ask(sql`select version from tb_confiture order by pk_confiture`)).toHaveLength(3);
});

test("a deferred constraint that fails at COMMIT rolls the migration back", async () => {
  await using bench = await testMigrations({
    "1_t": "create table t (id int primary key, up int references t deferrable initially deferred)",
    "2_bad": "insert into t values (1, 99)",
  });
  await expect(up(bench.target)).rejects.toMatchObject({
    code: "MIGR_001",
    exit: 3,
    context: {
      migration: "2",
      file: expect.stringContaining("2_bad.up.sql"),
      details: { sqlstate: "23503" },
    },
  });
  expect(await bench.ask(sql`select version from tb_confiture`)).toEqual([{ version: "1" }]);
});

test("an edited migration is refused before anything runs, whatever its type of change", async () => {
  await using bench = await testMigrations(THREE);
  await up(bench.target, { target: "9" });
  bench.project.write("db/migrations/9_users.up.sql", "create table users (id bigint primary key)");
  await expect(up(bench.target)).rejects.toMatchObject({ code: "MIGR_011", exit: 3 });
  expect(await bench.ask(tables)).toEqual([{ n: 1 }]);
  const forgiven = await up(bench.target, { onChecksumMismatch: "warn" });
  expect(forgiven.warnings.join()).toContain("9_users.up.sql was edited");
});

test("a row without a hash is told as that, not as an edit", async () => {
  await using bench = await testMigrations(THREE);
  await up(bench.target, { target: "9" });
  await bench.ask(sql`update tb_confiture set checksum = null`);
  await expect(up(bench.target)).rejects.toMatchObject({
    code: "MIGR_011",
    message: expect.stringMatching(/9_users\.up\.sql has no hash in the ledger$/),
    actionable: expect.stringContaining("verify-checksums --fix"),
  });
});

test.each(["commit", "rollback", "begin", "start transaction", "end", "abort", "prepare transaction 'x'"])(
  "%s inside a migration is refused before anything runs",
  async (word) => {
    await using bench = await testMigrations({
      "1_fine": "create table fine ()",
      "2_bad": `create table a ();\n${word};\ncreate table b ();`,
    });
    const error: unknown = await up(bench.target).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "MIGR_107", context: { migration: "2", line: 2 } });
    expect(await bench.ask(tables)).toEqual([{ n: 0 }]);
  },
);

test("BEGIN, COMMIT and semicolons in bodies and strings are no statements", async () => {
  await using bench = await testMigrations({
    "1_t": "create table t (a text default ';commit;'); create table u ();",
    "2_p": "create procedure p() language plpgsql as $p$\nBEGIN\n  COMMIT;\nEND;\n$p$;",
    "3_do": "DO $$\nBEGIN\n  insert into t values ('a;b');\n  insert into t default values;\nEND;\n$$;",
  });
  const { applied, warnings } = await up(bench.target);
  expect([applied.length, warnings]).toEqual([3, []]);
  expect(await bench.ask(sql`select a from t`)).toEqual([{ a: "a;b" }, { a: ";commit;" }]);
  expect(await bench.ask(sql`select prosrc from pg_proc where proname = 'p'`)).toEqual([
    { prosrc: "\nBEGIN\n  COMMIT;\nEND;\n" },
  ]);
});

test("a wrapping BEGIN … COMMIT is taken off, with a warning", async () => {
  await using bench = await testMigrations({ "1_a": "BEGIN;\ncreate table a ();\nCOMMIT;\n" });
  expect((await up(bench.target)).warnings.join()).toContain("BEGIN and COMMIT");
  expect(await bench.ask(tables)).toEqual([{ n: 1 }]);
});

test("savepoints, exception blocks and session settings of one migration do no harm to the next", async () => {
  await using bench = await testMigrations({
    "1_own_savepoints":
      "savepoint a; create table t (id int); release savepoint a; set search_path = pg_catalog;",
    "2_block": "do $$ begin perform 1 / 0; exception when division_by_zero then null; end $$",
    "3_unqualified": "create table u (id int); set role pg_monitor;",
    "4_after_role": "create table v (id int)",
  });
  expect((await up(bench.target)).applied).toHaveLength(4);
  expect(await bench.ask(tables)).toEqual([{ n: 3 }]);
});

test("CREATE INDEX CONCURRENTLY runs outside a transaction", async () => {
  await using bench = await testMigrations({
    "1_t": "create table t (a int)",
    "2_i": "create index concurrently t_a on t (a);\ncreate index concurrently t_a2 on t ((a + 1));",
  });
  expect((await up(bench.target)).applied).toHaveLength(2);
});

test.each(["", "-- confiture: no-transaction\n"])(
  "%jlock-timeout and run-as hold for one migration only",
  async (directive) => {
    await using bench = await testMigrations({
      "1_seen": `${directive}-- confiture: lock-timeout 321\n-- confiture: run-as pg_monitor\ncreate temp table x as select 1; select set_config('a.b', '1', false); do $$ begin
      if current_setting('lock_timeout') <> '321ms' or current_user <> 'pg_monitor' then raise 'not held'; end if; end $$`,
      "2_gone": `do $$ begin if current_setting('lock_timeout') <> '5s' or current_user <> 'postgres' then raise 'held'; end if; end $$`,
    });
    expect((await up(bench.target)).applied).toHaveLength(2);
  },
);

test("what a non-transactional migration had done when it failed is said", async () => {
  await using bench = await testMigrations({
    "1_t": "create table t (a int)",
    "2_i": "create index concurrently t_a on t (a);\ncreate index concurrently t_b on t (b);",
  });
  const error: unknown = await up(bench.target).catch((e: unknown) => e);
  expect(error).toMatchObject({
    code: "MIGR_110",
    context: {
      line: 2,
      details: { statements_done: ["create index concurrently t_a on t (a)"], statements_total: 2 },
    },
  });
  expect(await bench.ask(sql`select version from tb_confiture`)).toEqual([{ version: "1" }]);
});

test("ten runs at once: each migration once, the losers wait", async () => {
  await using bench = await testMigrations(THREE);
  const results = await Promise.all(Array.from({ length: 10 }, () => up(bench.target)));
  expect(results.flatMap((r) => r.applied.map((m) => m.version)).toSorted()).toEqual(["10", "11", "9"]);
  expect(await bench.ask(sql`select count(*)::int as n from tb_confiture`)).toEqual([{ n: 3 }]);
});

test("a run that may not wait exits 6, names the holder and has looked at nothing", async () => {
  await using bench = await testMigrations(THREE);
  await using lock = await takeMigrationLock(bench.target, {});
  lock.assertHeld();
  await expect(up(bench.target, { lockTimeoutMs: 0 })).rejects.toMatchObject({
    code: "LOCK_1300",
    exit: 6,
    context: {
      details: {
        holder: { backend_pid: expect.any(Number), user: "postgres", application: "confiture lock" },
      },
    },
  });
  expect(await bench.ask(sql`select to_regclass('tb_confiture') as ledger`)).toEqual([{ ledger: null }]);
});

test("the lock is the one other tools of the same ledger take", async () => {
  await using bench = await testMigrations(THREE);
  await using other = await Connection.open(bench.database.url);
  const digest = createHash("sha256").update(other.server.database).digest();
  await other.run(sql`select pg_advisory_lock(1751936052, ${digest.readUInt32BE(0) & 0x7fffffff})`);
  await expect(up(bench.target, { lockTimeoutMs: 100 })).rejects.toMatchObject({ code: "LOCK_1300" });
});

test("a ledger in a schema of its own; a missing schema is refused", async () => {
  await using bench = await testMigrations(THREE);
  const target = { ...bench.target, trackingTable: "ops.my_ledger" };
  await expect(up(target)).rejects.toMatchObject({
    code: "MIGR_001",
    context: { actionable: expect.stringContaining("create schema ops") },
  });
  await bench.ask(sql`create schema ops`);
  expect((await up(target)).applied).toHaveLength(3);
  expect(await bench.ask(sql`select count(*)::int as n from ops.my_ledger`)).toEqual([{ n: 3 }]);
});

test("a ledger of an older tool gets the column it lacks, and only when writing", async () => {
  await using bench = await testMigrations(THREE);
  await up(bench.target, { target: "9" });
  await bench.ask(sql`alter table tb_confiture drop column applied_by`);
  expect((await up(bench.target)).applied.map((m) => m.version)).toEqual(["10", "11"]);
});

test("a superuser migration halts a plain role, and what comes after it waits", async () => {
  await using bench = await testMigrations({
    "1_a": "create table a ()",
    "2_s": "-- confiture: requires-superuser\ncreate table s ()",
    "3_b": "create table b ()",
  });
  const { url, name } = bench.database;
  await bench.ask(sql.raw(`create role plain_${name} login; grant all on schema public to plain_${name}`));
  const plain = url.replace("postgres@", `plain_${name}@`);
  const result = await up({ ...bench.target, url: plain });
  expect(result).toMatchObject({ success: false, pending: ["2", "3"] });
  expect(result.skipped_superuser.map((m) => m.version)).toEqual(["2"]);
  expect((await up(bench.target)).applied.map((m) => m.version)).toEqual(["2", "3"]);
  await bench.ask(sql.raw(`drop owned by plain_${name} cascade; drop role plain_${name}`));
});

test("--require-reversible looks at what is pending only", async () => {
  await using bench = await testMigrations({
    "1_a": "create table a ()",
    "2_b": ["create table b ()", "drop table b"],
  });
  expect(await up(bench.target, { requireReversible: true })).toMatchObject({
    success: false,
    irreversible_versions: ["1"],
    applied: [],
  });
  await up(bench.target, { target: "1" });
  expect(await up(bench.target, { requireReversible: true })).toMatchObject({ success: true });
});

test("inline COPY data is loaded", async () => {
  await using bench = await testMigrations({
    "1_c": "create table c (a int, b text);\ncopy c from stdin;\n1\tx\n2\t\\N\n\\.\ncreate index on c (a);\n",
  });
  await up(bench.target);
  expect(await bench.ask(sql`select * from c order by a`)).toEqual([
    { a: 1, b: "x" },
    { a: 2, b: null },
  ]);
});

test("an aborted signal cancels what runs; what was applied before stays", async () => {
  await using bench = await testMigrations({
    "1_a": "create table a ()",
    "2_slow": "create table b (); select pg_sleep(30);",
  });
  const interrupt = new AbortController();
  const log = {
    info: () => void setTimeout(() => interrupt.abort(new ConfitureError("INTERRUPTED", "stopped")), 100),
    warn: () => {},
  };
  const error: unknown = await up({ ...bench.target, log, signal: interrupt.signal }).catch(
    (e: unknown) => e,
  );
  expect(error).toMatchObject({
    code: "INTERRUPTED",
    exit: 130,
    context: { migration: "2", details: { pending: ["2"] } },
  });
  expect(await bench.ask(tables)).toEqual([{ n: 1 }]);
  expect((await up({ ...bench.target }, { target: "1" })).skipped).toEqual(["1"]);
});

test("a connection killed in mid-migration leaves ledger and schema in agreement", async () => {
  await using bench = await testMigrations({ "1_slow": "create table slow (); select pg_sleep(30);" });
  const run = up(bench.target).catch((e: unknown) => e);
  await using killer = await Connection.open(bench.database.url);
  const sleeping = sql`select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(30)%' and pid <> pg_backend_pid() and datname = current_database()`;
  while ((await killer.rows(sleeping)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await run).toMatchObject({ code: expect.stringMatching(/^(MIGR_001|CONFIG_006)$/) });
  expect(await bench.ask(tables)).toEqual([{ n: 0 }]);
  expect(await bench.ask(sql`select * from tb_confiture`)).toEqual([]);
});

test.each([
  "set session authorization pg_monitor",
  "set role pg_monitor",
  "set local session authorization pg_monitor",
])("%s is over before the ledger row is written", async (text) => {
  await using bench = await testMigrations({ "1_a": `create table t (); ${text}` });
  await up(bench.target);
  expect(await bench.ask(sql`select applied_by from tb_confiture`)).toEqual([{ applied_by: "postgres" }]);
});

test("how strings are read may change in the middle of a migration", async () => {
  const text = String.raw`create table t (a text); set standard_conforming_strings = off; insert into t values ('a\\b');`;
  await using bench = await testMigrations({ "1_a": text });
  await up(bench.target);
  expect(await bench.ask(sql`select a from t`)).toEqual([{ a: String.raw`a\b` }]);
});

test("two runs without the lock apply each migration once", async () => {
  await using bench = await testMigrations({
    "1_t": "create table t (a int)",
    "2_f": "select pg_sleep(0.3); insert into t values (1)",
  });
  await up(bench.target, { target: "1" });
  const ends = await Promise.allSettled([1, 2, 3].map(() => up(bench.target, { noLock: true })));
  expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await bench.ask(sql`select a from t`)).toEqual([{ a: 1 }]);
});

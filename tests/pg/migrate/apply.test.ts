import { expect, test } from "vitest";
import type { Hook, HooksConfig } from "../../../src/migrate/hooks/hook.ts";
import { down } from "../../../src/migrate/down.ts";
import { status } from "../../../src/migrate/status.ts";
import { up } from "../../../src/migrate/up.ts";
import { sql } from "../../../src/sql/tag.ts";
import { silentLog } from "../../../src/base/log.ts";
import { inject } from "vitest";
import { preflight } from "../../../src/workflows/preflight.ts";
import { type Bench, testMigrations } from "../../support/migrations.ts";

const T = ["create table t (a int)", "drop table t"] as const;

const T_U = ["create table u ()", "drop table u"] as const;

const MODULE = `
  enum Value { One = 1 }
  export async function up(db: { execute(sql: string, params?: unknown[]): Promise<number> }): Promise<void> {
    await db.execute("create table m (a int)");
    await db.execute("insert into m values ($1), ($2)", [Value.One, 2]);
  }
  export async function down(db: { execute(sql: string): Promise<number> }): Promise<void> {
    await db.execute("drop table m");
  }
`;

const caught = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

async function withModule(text: string, file = "2_m.ts"): Promise<Bench> {
  const bench = await testMigrations({ "1_t": T });
  bench.project.write(`db/migrations/${file}`, text);
  return bench;
}

test("a module goes up, is verified by its hash, and comes down again", async () => {
  await using bench = await withModule(MODULE);
  expect(await up(bench.target, { dryRun: true })).toMatchObject({
    migrations: [{ version: "1" }, { version: "2", statements: null, transactional: true }],
  });
  expect(await up(bench.target, { dryRunExecute: true })).toMatchObject({
    applied: [{ version: "1" }, { version: "2", rows_affected: 2 }],
  });
  expect(await bench.ask(sql`select to_regclass('m') as m`)).toEqual([{ m: null }]);
  expect((await up(bench.target)).applied).toMatchObject([
    { version: "1" },
    { version: "2", rows_affected: 2 },
  ]);
  expect(await bench.ask(sql`select name from tb_confiture where version = '2'`)).toEqual([{ name: "m" }]);
  expect((await down(bench.target)).rolled_back).toMatchObject([{ version: "2" }]);
  expect(await bench.ask(sql`select to_regclass('m') as m`)).toEqual([{ m: null }]);
  await up(bench.target);
  bench.project.write("db/migrations/2_m.ts", `${MODULE}\n// edited`);
  await expect(up(bench.target)).rejects.toMatchObject({ code: "MIGR_011" });
});

test("a module is rehearsed by preflight, on a scratch database and on a copy", async () => {
  await using bench = await withModule(MODULE);
  const options = { target: bench.target, schema: undefined, scratch: { url: inject("serverUrl") } };
  expect((await preflight(options)).replay).toMatchObject([
    { success: true },
    { version: "2", success: true },
  ]);
  const onCopy = await preflight({ ...options, against: bench.database.url });
  expect(onCopy.replay).toMatchObject([{ success: true }, { version: "2", success: true }]);
  expect(await bench.ask(sql`select to_regclass('m') as m`)).toEqual([{ m: null }]);
});

test("a module that fails is rolled back whole, with its line", async () => {
  await using bench = await withModule(
    `export async function up(db) {\n  await db.execute("create table m (a int)");\n  await db.execute("select nothing");\n}`,
    "2_m.mjs",
  );
  expect(await caught(up(bench.target))).toMatchObject({
    code: "MIGR_001",
    context: { migration: "2", line: 3, file: expect.stringContaining("2_m.mjs") },
  });
  expect(
    await bench.ask(sql`select to_regclass('m') as m, (select count(*)::int from tb_confiture) as n`),
  ).toEqual([{ m: null, n: 1 }]);
});

test("a module without a way back is refused by down before anything runs", async () => {
  await using bench = await withModule(
    `export const up = (db) => db.execute("create table m ()");`,
    "2_m.mjs",
  );
  expect(await up(bench.target, { requireReversible: true })).toMatchObject({ irreversible_versions: ["2"] });
  await up(bench.target);
  expect(await caught(down(bench.target, { steps: 2 }))).toMatchObject({ code: "ROLLBACK_600", exit: 8 });
  expect(await bench.ask(sql`select count(*)::int as n from tb_confiture`)).toEqual([{ n: 2 }]);
});

test("a module outside a transaction says what it had done, and runs again from its beginning", async () => {
  const text = (last: string) => `export const transactional = false;
    export async function up(db) {
      await db.execute("create index concurrently if not exists t_a on t (a)");
      await db.execute("${last}");
    }`;
  await using bench = await withModule(text("select nothing"), "2_m.mjs");
  expect(await caught(up(bench.target))).toMatchObject({
    code: "MIGR_110",
    context: { details: { statements_done: [expect.stringContaining("create index concurrently")] } },
  });
  bench.project.write("db/migrations/2_m.mjs", text("select 1"));
  expect(await caught(up(bench.target))).toMatchObject({ code: "MIGR_113" }); // loaded once in a process
  bench.project.write("db/migrations/3_n.mjs", text("select 1"));
  bench.project.write("db/migrations/2_m.mjs", text("select nothing"));
  expect(await caught(up(bench.target))).toMatchObject({ code: "MIGR_110" });
});

test("preconditions of a sidecar are all checked before anything of the migration runs", async () => {
  await using bench = await testMigrations({ "1_t": T, "2_next": ["create table u ()", "drop table u"] });
  bench.project.write(
    "db/migrations/2_next.yaml",
    "up_preconditions:\n  - { type: TableExists, table: t }\n  - { type: ColumnExists, table: t, column: zzz }\n  - { type: TableExists, table: nowhere }\ndown_preconditions:\n  - { type: TableIsEmpty, table: t }\n",
  );
  const error = await caught(up(bench.target));
  expect(error).toMatchObject({
    code: "PRECON_1000",
    exit: 5,
    context: { migration: "2", details: { applied: [{ version: "1" }], pending: ["2"] } },
  });
  expect((error as { context: { details: { failed: unknown[] } } }).context.details.failed).toHaveLength(2);
  expect(await bench.ask(sql`select to_regclass('u') as u`)).toEqual([{ u: null }]);
  await bench.ask(sql`alter table t add column zzz int`);
  await bench.ask(sql`create table nowhere ()`);
  expect(await up(bench.target, { dryRunExecute: true })).toMatchObject({ applied: [{ version: "2" }] });
  expect((await up(bench.target)).applied).toHaveLength(1);
  await bench.ask(sql`insert into t values (1)`);
  expect(await caught(down(bench.target))).toMatchObject({ code: "PRECON_1000" });
});

const command = (text: string, onError: Hook["onError"] = "abort"): Hook => ({
  command: text,
  onError,
  timeoutMs: 10_000,
});

const LOGGED =
  'echo "$CONFITURE_HOOK_POINT $CONFITURE_DIRECTION $CONFITURE_VERSION $CONFITURE_DRY_RUN" | tr -s " " >> log.txt';

async function withHooks(hooks: HooksConfig, migrations: Parameters<typeof testMigrations>[0]) {
  const bench = await testMigrations(migrations);
  const target = {
    ...bench.target,
    hooks,
    projectDir: bench.project.dir,
    environment: { PATH: process.env["PATH"] },
    log: silentLog,
  };
  const log = async () =>
    (await import("node:fs")).readFileSync(bench.project.path("log.txt"), "utf8").trim().split("\n");
  return { ...bench, target, log, [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose]() };
}

const ALL: HooksConfig = Object.fromEntries(
  [
    "before_run",
    "before_migration",
    "after_migration",
    "after_migration_commit",
    "after_run",
    "after_run_commit",
  ].map((point) => [point, [command(LOGGED)]]),
);

test("hooks fire around the run and each migration, in both directions, and not when there is nothing to do", async () => {
  await using bench = await withHooks(ALL, { "1_t": T, "2_u": ["create table u ()", "drop table u"] });
  const result = await up(bench.target);
  expect(result.hooks).toHaveLength(9);
  const around = (version: string, direction: string) =>
    ["before_migration", "after_migration", "after_migration_commit"].map(
      (p) => `${p} ${direction} ${version}`,
    );
  expect((await bench.log()).map((line) => line.trim())).toEqual([
    "before_run up",
    ...around("1", "up"),
    ...around("2", "up"),
    "after_run up",
    "after_run_commit up",
  ]);
  expect((await up(bench.target)).hooks).toEqual([]);
  expect((await down(bench.target)).hooks).toHaveLength(6);
  expect((await bench.log()).slice(9).map((line) => line.trim())).toEqual([
    "before_run down",
    ...around("2", "down"),
    "after_run down",
    "after_run_commit down",
  ]);
});

test("a dry run fires the blocking points only, and says that it is one", async () => {
  await using bench = await withHooks(ALL, { "1_t": T });
  await up(bench.target, { dryRunExecute: true });
  expect((await bench.log()).map((line) => line.trim())).toEqual([
    "before_run up 1",
    "before_migration up 1 1",
    "after_migration up 1 1",
    "after_run up 1",
  ]);
  expect((await up(bench.target, { dryRun: true })).hooks).toEqual([]);
});

test.each([
  ["before_run", "HOOK_1100", 0],
  ["before_migration", "HOOK_1100", 0],
  ["after_migration", "HOOK_1101", 0],
  ["after_run", "HOOK_1101", 1],
] as const)("a failing hook at %s stops the run: %s", async (point, code, tables) => {
  await using bench = await withHooks({ [point]: [command("echo no >&2; exit 3")] }, { "1_t": T });
  expect(await caught(up(bench.target))).toMatchObject({
    code,
    exit: 1,
    context: { details: { exit_code: 3, stderr: "no" } },
  });
  const [row] = await bench.ask<{ n: number }>(
    sql`select count(*)::int as n from pg_tables where tablename = 't'`,
  );
  expect(row!.n).toBe(tables);
  expect((await status(bench.target)).applied).toHaveLength(tables);
});

test("after_run that fails says what stays applied, or rolled back", async () => {
  await using bench = await withHooks({ after_run: [command("exit 3")] }, { "1_t": T, "2_u": T_U });
  expect(await caught(up(bench.target))).toMatchObject({
    code: "HOOK_1101",
    context: { details: { applied: [{ version: "1" }, { version: "2" }], pending: [] } },
  });
  expect(await caught(down(bench.target))).toMatchObject({
    code: "HOOK_1101",
    context: { details: { rolled_back: ["2"] } },
  });
});

test("a failing hook that only warns is told in the result", async () => {
  await using bench = await withHooks({ after_migration: [command("exit 1", "warn")] }, { "1_t": T });
  expect((await up(bench.target)).hooks).toMatchObject([{ point: "after_migration", ok: false }]);
  expect((await status(bench.target)).applied).toEqual(["1"]);
});

test("a module hook works inside the migration's transaction, and is undone with it", async () => {
  await using bench = await withHooks(
    { after_migration: [{ module: "./audit.mjs", onError: "abort", timeoutMs: 5000 }] },
    { "1_t": T, "2_bad": "create table audited (v text); alter table t add column z int" },
  );
  bench.project.write(
    "audit.mjs",
    `export default async ({ migration }, { db }) => {
      if (migration.version === "2") {
        await db.execute("insert into audited values ($1)", [migration.version]);
        throw new Error("enough");
      }
    };`,
  );
  expect(await caught(up(bench.target))).toMatchObject({ code: "HOOK_1101", context: { migration: "2" } });
  expect(await bench.ask(sql`select to_regclass('audited') as a`)).toEqual([{ a: null }]);
  expect((await status(bench.target)).applied).toEqual(["1"]);
});

const KEEPS_VIEWS = `select confiture.save_and_drop_dependent_views(array['public.t']);
alter table t alter column a type bigint;
select confiture.recreate_saved_views();`;

test("view helpers are there for a migration that calls them, in up, in both dry runs and in a rehearsal", async () => {
  await using bench = await testMigrations({
    "1_t": T,
    "2_v": "create view v as select a from t",
    "3_wider": KEEPS_VIEWS,
  });
  const options = { target: bench.target, schema: undefined, scratch: { url: inject("serverUrl") } };
  expect((await preflight(options)).replay.map((r) => r.success)).toEqual([true, true, true]);
  await up(bench.target, { target: "2" });
  expect(await bench.ask(sql`select to_regnamespace('confiture') as n`)).toEqual([{ n: null }]);
  const onCopy = await preflight({ ...options, against: bench.database.url });
  expect(onCopy.replay).toMatchObject([{ version: "3", success: true }]);
  expect(await up(bench.target, { dryRunExecute: true })).toMatchObject({ applied: [{ version: "3" }] });
  expect(await bench.ask(sql`select to_regnamespace('confiture') as n`)).toEqual([{ n: null }]);
  expect(await caught(up({ ...bench.target, viewHelpers: "manual" }))).toMatchObject({ code: "MIGR_001" });
  expect((await up(bench.target)).applied).toMatchObject([{ version: "3" }]);
  expect(
    await bench.ask(sql`select data_type from information_schema.columns where table_name = 'v'`),
  ).toEqual([{ data_type: "bigint" }]);
});

test("a change that a view forbids is told with the helpers as the remedy", async () => {
  await using bench = await testMigrations({
    "1_t": T,
    "2_v": "create view v as select a from t",
    "3_wider": "alter table t alter column a type bigint",
  });
  const hinted = {
    code: "MIGR_001",
    context: { actionable: expect.stringContaining("save_and_drop_dependent_views") },
  };
  expect(await caught(up(bench.target, { dryRunExecute: true }))).toMatchObject(hinted);
  expect(await caught(up(bench.target))).toMatchObject(hinted);
});

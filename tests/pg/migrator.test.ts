import { hostname } from "node:os";
import { expect, inject, test, vi } from "vitest";
import { Migrator, type MigratorSession } from "../../src/index.ts";
import { testMigrations } from "../support/migrations.ts";

const TWO = {
  "1_a": ["create table a ()", "drop table a"],
  "2_b": ["create table b ()", "drop table b"],
} as const;

test("from a config file: status, up, current, down", async () => {
  await using bench = await testMigrations(TWO);
  bench.project.write(
    "db/environments/prod.yaml",
    `database_url: ${bench.database.url}\nmigration:\n  tracking_table: mine\n`,
  );
  const { migrationsDir } = bench.target;
  await using m = await Migrator.fromConfig(bench.project.path("db/environments/prod.yaml"), {
    migrationsDir,
  });
  expect(await m.status()).toMatchObject({ hasPending: true, trackingTable: "mine", pending: ["1", "2"] });
  const { success, applied } = await m.up({ target: "1" });
  expect([success, applied.map((a) => a.version), applied[0]!.durationMs >= 0]).toEqual([true, ["1"], true]);
  expect(await m.currentRevision()).toMatchObject({ version: "1", appliedAt: expect.any(String) });
  expect((await m.preflight({ against: bench.database.url })).replay.map((r) => r.version)).toEqual(["2"]);
  expect((await m.up()).applied.map((a) => a.version)).toEqual(["2"]);
  expect((await m.downTo("1")).rolledBack.map((a) => a.version)).toEqual(["2"]);
  expect((await m.down()).rolledBack).toHaveLength(1);
  expect((await m.baseline({ through: "2" })).marked).toHaveLength(2);
  expect((await m.status()).hasPending).toBe(false);
  expect(await m.verify({ version: "2" })).toMatchObject({ skippedCount: 1, totalApplied: 2 });
});

test("up answers instead of throwing when a migration fails, and says what was applied", async () => {
  await using bench = await testMigrations({ ...TWO, "3_bad": "select 1 / 0" });
  await using m = Migrator.fromUrl(bench.database.url, { migrationsDir: bench.target.migrationsDir });
  const answer = await m.up();
  expect(answer).toMatchObject({
    success: false,
    pending: ["3"],
    errors: ["division by zero"],
    error: { code: "MIGR_001" },
  });
  expect(answer.applied.map((a) => a.version)).toEqual(["1", "2"]);
});

test("answers can be asked about a version", async () => {
  await using bench = await testMigrations({ ...TWO, "3_bad": "select 1 / 0" });
  await using m = Migrator.fromUrl(bench.database.url, { migrationsDir: bench.target.migrationsDir });
  expect((await m.status()).trackingTableExists).toBe(false);
  await expect(m.currentRevision()).rejects.toMatchObject({ code: "PRECON_1001" });
  const failed = await m.up();
  expect([failed.hasErrors, failed.errorSummary]).toEqual([true, "division by zero"]);
  expect([failed.byVersion("2")?.name, failed.byVersion("3")]).toEqual(["b", undefined]);
  const status = await m.status();
  expect(status.trackingTableExists).toBe(true);
  expect(["1", "3", "4"].map((v) => status.getStatus(v))).toEqual(["applied", "pending", undefined]);
  expect(status.getMigration("1")).toMatchObject({ name: "a", appliedAt: expect.any(String) });
  expect(await m.preflight({ versions: ["2_b"], static: true })).toMatchObject({
    summary: { migrationsChecked: 1 },
    hints: [],
  });
  expect((await m.downTo("2")).noop).toBe(true);
  expect((await m.downTo("1")).noop).toBe(false);
  await m.down();
  expect(await m.currentRevision()).toBeNull();
  expect(await m.up({ target: "1" })).toMatchObject({ hasErrors: false, errorSummary: null });
});

test("withSession lends a session to a function", async () => {
  await using bench = await testMigrations(TWO);
  const file = "db/environments/dev.yaml";
  bench.project.write(file, `database_url: ${bench.database.url}\n`);
  const { migrationsDir } = bench.target;
  const work = async (m: MigratorSession) => (await m.up()).applied.length;
  expect(await Migrator.withSession(bench.project.path(file), work, { migrationsDir })).toBe(2);
});

test("it tells whether a run is going on, and whose", async () => {
  await using bench = await testMigrations({ "1_slow": "select pg_sleep(1)" });
  await using m = Migrator.fromUrl(bench.database.url, { migrationsDir: bench.target.migrationsDir });
  expect([await m.isLocked(), await m.lockHolder()]).toEqual([false, null]);
  const run = m.up();
  await vi.waitUntil(() => m.isLocked(), { timeout: 5000 });
  const holder = await vi.waitUntil(
    async () => {
      const found = await m.lockHolder();
      return found?.command ? found : undefined;
    },
    { timeout: 5000 },
  );
  expect(holder).toMatchObject({ pid: process.pid, hostname: hostname(), command: "confiture migrate up" });
  expect([holder.heldForSeconds, holder.backendPid]).toEqual([expect.any(Number), expect.any(Number)]);
  expect((await run).success).toBe(true);
  expect(await m.isLocked()).toBe(false);
});

test("introspect and rebuild take the scratch server and the guard from the config file", async () => {
  await using bench = await testMigrations(TWO);
  const config = (isProtected: boolean) =>
    bench.project.write(
      "db/environments/dev.yaml",
      `database_url: ${bench.database.url}\nprotected: ${isProtected}\nscratch:\n  url: ${inject("serverUrl")}\n`,
    );
  bench.project.write("db/schema/1.sql", "create table a ();\ncreate table b ();\n");
  const open = () =>
    Migrator.fromConfig(bench.project.path("db/environments/dev.yaml"), {
      migrationsDir: bench.target.migrationsDir,
    });
  config(true);
  const guarded = await open();
  await expect(guarded.rebuild({ yes: true })).rejects.toMatchObject({ code: "CONFIG_008" });
  config(false);
  const m = await open();
  expect(await m.introspect()).toMatchObject({ databaseEmpty: true, compared: 2 });
  expect((await m.rebuild({ yes: true, verify: true })).marked.map((r) => r.version)).toEqual(["1", "2"]);
  expect(await m.introspect()).toMatchObject({ ledgerPresent: true, detectedVersion: "2" });
});

test("a missing config file throws", async () => {
  await expect(Migrator.fromConfig("/nowhere/prod.yaml")).rejects.toMatchObject({ code: "CONFIG_004" });
});

test("reinit is refused where the config file protects the database, but for a dry run", async () => {
  await using bench = await testMigrations(TWO);
  const file = "db/environments/prod.yaml";
  bench.project.write(file, `database_url: ${bench.database.url}\nprotected: true\n`);
  const { migrationsDir } = bench.target;
  await using m = await Migrator.fromConfig(bench.project.path(file), { migrationsDir });
  await m.up();
  await expect(m.reinit()).rejects.toMatchObject({ code: "CONFIG_008" });
  expect(await m.reinit({ dryRun: true })).toMatchObject({ deletedCount: 2, dryRun: true });
});

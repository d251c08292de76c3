import { expect, test } from "vitest";
import { applyAs } from "../../../src/migrate/apply-as.ts";
import { takeMigrationLock } from "../../../src/migrate/lock/lock.ts";
import { up } from "../../../src/migrate/up.ts";
import { identSql, sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";
import { type Bench, testMigrations } from "../../support/migrations.ts";

const THREE = {
  "1_a": "create table a ()",
  "2_b": "-- confiture: requires-superuser\ncreate table b ()",
  "3_c": "create table c ()",
} as const;

/** The application's own role, which is no superuser and owns the schema `public`. */
async function appRole(bench: Bench) {
  const name = `${bench.database.name}_app`;
  const role = identSql(name);
  await bench.ask(sql`create role ${role} login; grant create, usage on schema public to ${role}`);
  return {
    name,
    url: bench.database.url.replace("postgres@", `${name}@`),
    [Symbol.asyncDispose]: async () => void (await bench.ask(sql`drop owned by ${role}; drop role ${role}`)),
  };
}

test("up stops, the other role applies what needs it, and up goes on", async () => {
  await using bench = await testMigrations(THREE);
  await using app = await appRole(bench);
  const target = { ...bench.target, url: app.url };
  expect(await up(target)).toMatchObject({ success: false, skipped_superuser: [{ version: "2" }] });
  expect(await applyAs(target, { url: bench.database.url, version: "2_b" })).toMatchObject({
    success: true,
    version: "2",
    name: "b",
    applied_by: "postgres",
    duration_ms: expect.any(Number),
  });
  expect((await up(target)).applied).toMatchObject([{ version: "3" }]);
  expect(
    await bench.ask(sql`select version, applied_by, execution_time_ms is not null as timed
      from tb_confiture order by pk_confiture`),
  ).toEqual([
    { version: "1", applied_by: app.name, timed: true },
    { version: "2", applied_by: "postgres", timed: true },
    { version: "3", applied_by: app.name, timed: true },
  ]);
});

test("as the first of all it leaves a ledger that belongs to the application's role", async () => {
  await using bench = await testMigrations({ "1_a": "create table a ()", "2_b": "create table b ()" });
  await using app = await appRole(bench);
  const target = { ...bench.target, url: app.url };
  await applyAs(target, { url: bench.database.url, version: "1" });
  expect((await up(target)).applied).toMatchObject([{ version: "2" }]);
});

test("out of turn, applied already and unknown are refused, and nothing is written", async () => {
  await using bench = await testMigrations(THREE);
  const { url } = bench.database;
  await expect(applyAs(bench.target, { url, version: "3" })).rejects.toMatchObject({
    code: "MIGR_100",
    exit: 3,
    message: "earlier versions are pending: 1, 2",
  });
  await expect(applyAs(bench.target, { url, version: "9" })).rejects.toMatchObject({ code: "MIGR_100" });
  expect(await bench.ask(sql`select where to_regclass('tb_confiture') is null`)).toHaveLength(1);
  await applyAs(bench.target, { url, version: "1" });
  await expect(applyAs(bench.target, { url, version: "1" })).rejects.toMatchObject({
    code: "MIGR_100",
    message: "1_a is applied already",
  });
});

test("a connection to another database is refused before anything runs", async () => {
  await using bench = await testMigrations(THREE);
  await using other = await testDatabase();
  await expect(applyAs(bench.target, { url: other.url, version: "1" })).rejects.toMatchObject({
    code: "CONFIG_008",
    exit: 5,
    message: expect.stringMatching(/another database/),
  });
  expect(await bench.ask(sql`select where to_regclass('tb_confiture') is null`)).toHaveLength(1);
});

test("a role that may not write the ledger, or is no superuser where one is needed, runs nothing", async () => {
  await using bench = await testMigrations(THREE);
  await using app = await appRole(bench);
  await expect(applyAs(bench.target, { url: app.url, version: "1" })).rejects.toMatchObject({
    code: "MIGR_012",
    message: `public.tb_confiture may be read only: ${app.name} lacks select, insert, update on it`,
  });
  await up(bench.target, { target: "1" });
  await expect(applyAs(bench.target, { url: app.url, version: "2" })).rejects.toMatchObject({
    code: "CONFIG_008",
    message: `2_b needs a superuser, and ${app.name} is none`,
  });
});

test("a migration that fails is rolled back and not recorded", async () => {
  await using bench = await testMigrations({ "1_a": "create table a (); select 1 / 0" });
  await expect(applyAs(bench.target, { url: bench.database.url, version: "1" })).rejects.toMatchObject({
    code: "MIGR_001",
    exit: 3,
    message: "division by zero",
  });
  expect(await bench.ask(sql`select from tb_confiture`)).toEqual([]);
});

test("it waits for the migration lock like every other run", async () => {
  await using bench = await testMigrations(THREE);
  await using _lock = await takeMigrationLock(bench.target, {});
  const work = applyAs(bench.target, { url: bench.database.url, version: "1", lockTimeoutMs: 0 });
  await expect(work).rejects.toMatchObject({ code: "LOCK_1300", exit: 6 });
});

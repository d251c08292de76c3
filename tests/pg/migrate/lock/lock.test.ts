import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { compare } from "../../../../src/diff/compare.ts";
import { down } from "../../../../src/migrate/down.ts";
import { isLocked, readLockHolder, takeMigrationLock } from "../../../../src/migrate/lock/lock.ts";
import type { Target } from "../../../../src/migrate/target.ts";
import { up } from "../../../../src/migrate/up.ts";
import { Connection } from "../../../../src/pg/connection.ts";
import { readSnapshot } from "../../../../src/schema/snapshot.ts";
import { ident, identSql, type Sql, sql } from "../../../../src/sql/tag.ts";
import { type Bench, testMigrations } from "../../../support/migrations.ts";
import { pooler } from "../../../support/pooler.ts";

const ONE = { "1_a": ["create table a ()", "drop table a"] } as const;
const CLIENT = { pid: 4711, hostname: "build-7" };

/** The name that other tools give the lock in the table they share with this one. */
const lockId = (database: string) =>
  createHash("sha256").update(database).digest().readUInt32BE(0) & 0x7fff_ffff;

const rowsOf = (bench: Bench) => bench.ask(sql`select * from confiture_lock_holder`);

/** A role that may create nothing, and has the privilege on the table that is given. */
async function plainRole(bench: Bench, privilege?: Sql) {
  const name = `${bench.database.name}_plain`;
  const role = identSql(name);
  await bench.ask(sql`revoke create on schema public from public; create role ${role} login`);
  if (privilege) await bench.ask(sql`grant ${privilege} on confiture_lock_holder to ${role}`);
  return {
    name,
    target: { ...bench.target, url: bench.database.url.replace("postgres@", `${name}@`) },
    [Symbol.asyncDispose]: async () => void (await bench.ask(sql`drop owned by ${role}; drop role ${role}`)),
  };
}

const busy = (target: Target) =>
  takeMigrationLock(target, { lockTimeoutMs: 0 }).then(
    async (lock) => {
      await lock[Symbol.asyncDispose]();
      throw new Error("the lock was free");
    },
    (error) => error,
  );

test("a holder is written down while it holds, and named to those who wait", async () => {
  await using bench = await testMigrations(ONE);
  const target = { ...bench.target, client: CLIENT };
  expect([await isLocked(target), await readLockHolder(target)]).toEqual([false, null]);
  const lock = await takeMigrationLock(target, { command: "confiture migrate up" });
  expect(await rowsOf(bench)).toEqual([
    {
      lock_id: lockId(bench.database.name),
      usename: "postgres",
      command: "confiture migrate up",
      acquired_at: expect.anything(),
      ...CLIENT,
    },
  ]);
  const error = await busy(bench.target);
  expect(error).toMatchObject({ code: "LOCK_1300", exit: 6 });
  expect(error.message).toMatch(
    /^confiture migrate up on build-7 \(process 4711, user postgres\) holds the migration lock; gave up after \d+ ms$/,
  );
  expect(error.context.details.holder).toEqual({
    ...CLIENT,
    user: "postgres",
    command: "confiture migrate up",
    acquired_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    held_for_seconds: expect.any(Number),
    backend_pid: expect.any(Number),
    application: "confiture lock",
    client_addr: null,
    state: "idle",
    started_at: expect.stringMatching(/Z$/),
    query_started_at: expect.stringMatching(/Z$/),
  });
  expect(error.actionable).not.toContain("pg_terminate_backend");
  expect(await isLocked(target)).toBe(true);
  expect(await readLockHolder(target)).toMatchObject(CLIENT);
  await lock[Symbol.asyncDispose]();
  expect([await rowsOf(bench), await isLocked(target)]).toEqual([[], false]);
});

test("the holder's session is idle outside a transaction: it keeps no snapshot open", async () => {
  await using bench = await testMigrations(ONE);
  await using _lock = await takeMigrationLock(bench.target, {});
  expect(
    await bench.ask(sql`select state, backend_xmin from pg_stat_activity
      where application_name = 'confiture lock' and datname = current_database()`),
  ).toEqual([{ state: "idle", backend_xmin: null }]);
});

test("after five minutes it is told how to end the holder's session", async () => {
  await using bench = await testMigrations(ONE);
  await using _lock = await takeMigrationLock(bench.target, {});
  // A role that may not see when the holder's session began has nothing to doubt the row with.
  await using plain = await plainRole(bench, sql`select`);
  await bench.ask(sql`update confiture_lock_holder set acquired_at = acquired_at - interval '200 seconds'`);
  expect((await busy(plain.target)).actionable).not.toContain("pg_terminate_backend");
  await bench.ask(sql`update confiture_lock_holder set acquired_at = acquired_at - interval '10 minutes'`);
  const error = await busy(plain.target);
  const { holder } = error.context.details;
  expect(holder).toMatchObject({ started_at: null, state: null });
  expect(holder.held_for_seconds).toBeGreaterThanOrEqual(800);
  expect(error.actionable).toContain(
    `held for 13 min: if that run hangs, end its session with \`select pg_terminate_backend(${holder.backend_pid})\``,
  );
});

test("a row that the holder cannot have written is called stale and not believed", async () => {
  await using bench = await testMigrations(ONE);
  await using lock = await takeMigrationLock({ ...bench.target, client: CLIENT }, {});
  lock.assertHeld();
  await bench.ask(sql`update confiture_lock_holder set acquired_at = acquired_at - interval '1 day'`);
  const error = await busy(bench.target);
  expect(error.context.details).toMatchObject({
    holder: { pid: null, hostname: null, command: null, user: "postgres", backend_pid: expect.any(Number) },
    stale_holder: { ...CLIENT, held_for_seconds: expect.any(Number) },
  });
  expect(error.actionable).toContain("stale");
});

test("a row without a lock is believed by nobody, and the next run replaces it", async () => {
  await using bench = await testMigrations(ONE);
  await (await takeMigrationLock(bench.target, {}))[Symbol.asyncDispose]();
  await bench.ask(
    sql`insert into confiture_lock_holder (lock_id, pid, hostname) values (${lockId(bench.database.name)}, 1, 'gone')`,
  );
  expect([await isLocked(bench.target), await readLockHolder(bench.target)]).toEqual([false, null]);
  await using _lock = await takeMigrationLock({ ...bench.target, client: CLIENT }, {});
  expect(await rowsOf(bench)).toMatchObject([CLIENT]);
});

test("each command writes its own words down", async () => {
  await using bench = await testMigrations({
    "1_a": [
      "create table seen as select command from confiture_lock_holder",
      "insert into told select command from confiture_lock_holder",
    ],
  });
  await bench.ask(sql`create table told (command text)`);
  await up(bench.target);
  await down(bench.target);
  expect(await bench.ask(sql`select * from seen union all select * from told`)).toEqual([
    { command: "confiture migrate up" },
    { command: "confiture migrate down" },
  ]);
});

test("a role that may not write the row goes on; so does a run whose table is locked", async () => {
  await using bench = await testMigrations(ONE);
  await using plain = await plainRole(bench);
  const lock = await takeMigrationLock(plain.target, {});
  const { holder } = (await busy(bench.target)).context.details;
  expect(holder).toMatchObject({ pid: null, command: null, user: plain.name });
  await lock[Symbol.asyncDispose]();
  await (await takeMigrationLock(bench.target, {}))[Symbol.asyncDispose]();
  await using db = await Connection.open(bench.database.url);
  await db.run(sql`begin; lock table confiture_lock_holder in access exclusive mode`);
  const before = performance.now();
  await (await takeMigrationLock(bench.target, {}))[Symbol.asyncDispose]();
  expect(performance.now() - before).toBeLessThan(5000);
  await db.run(sql`rollback`);
});

test("the table is no part of a schema, wherever the search path puts it", async () => {
  await using bench = await testMigrations(ONE);
  const read = async () => {
    await using db = await Connection.open(bench.database.url);
    return await readSnapshot(db);
  };
  await bench.ask(sql`create schema app`);
  await bench.ask(sql.raw(`alter database ${ident(bench.database.name)} set search_path = app, public`));
  const before = await read();
  await (await takeMigrationLock(bench.target, {}))[Symbol.asyncDispose]();
  expect(await bench.ask(sql`select count(*)::int as n from app.confiture_lock_holder`)).toEqual([{ n: 0 }]);
  expect(compare(before, await read())).toEqual([]);
});

test("through a pooler in transaction mode nothing is locked, written or run", async () => {
  await using bench = await testMigrations(ONE);
  await using pool = await pooler(bench.database.name, { mode: "transaction", size: 2 });
  const url = `postgresql://postgres@127.0.0.1:${pool.port}/${bench.database.name}?sslmode=disable`;
  await expect(up({ ...bench.target, url })).rejects.toMatchObject({ code: "CONFIG_012", exit: 5 });
  expect(await isLocked(bench.target)).toBe(false);
  expect(await bench.ask(sql`select from pg_tables where schemaname = 'public'`)).toEqual([]);
});

test("through a pooler in session mode everything works as it does directly", async () => {
  await using bench = await testMigrations(ONE);
  await using pool = await pooler(bench.database.name, { mode: "session", size: 4 });
  const url = `postgresql://postgres@127.0.0.1:${pool.port}/${bench.database.name}?sslmode=disable`;
  expect((await up({ ...bench.target, url })).applied).toMatchObject([{ version: "1" }]);
  expect(await isLocked(bench.target)).toBe(false);
});

test("a run whose lock's session was ended stops before the next migration", async () => {
  await using bench = await testMigrations({ "1_slow": "select pg_sleep(0.5)", "2_b": "create table b ()" });
  const run = up(bench.target).catch((error: unknown) => error);
  const ended = sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'confiture lock' and datname = current_database()
      and exists (select from pg_stat_activity where query like '%pg_sleep(0.5)%' and pid <> pg_backend_pid())`;
  while ((await bench.ask(ended)).length === 0) await new Promise((wait) => setTimeout(wait, 10));
  expect(await run).toMatchObject({ code: "CONFIG_006", exit: 3, context: { details: { cause: "lost" } } });
  expect(await bench.ask(sql`select version from tb_confiture`)).toEqual([{ version: "1" }]);
});

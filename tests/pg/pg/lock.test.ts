import { setTimeout as sleep } from "node:timers/promises";
import { expect, inject, test } from "vitest";
import type { ConfitureError } from "../../../src/base/errors.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { acquireLock } from "../../../src/pg/lock.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";

const key = { classId: 1_751_936_052, objectId: 0x7fff_fff1 };
const failure = (work: Promise<unknown>): Promise<ConfitureError> =>
  work.then(
    () => {
      throw new Error("it succeeded");
    },
    (error) => error,
  );
const terminateWhere = async (application: string) => {
  await using killer = await Connection.open(inject("serverUrl"));
  const killed = await killer.rows(
    sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${application}`,
  );
  expect(killed).toHaveLength(1);
};

test("excludes others until it is released, and says how long was waited", async () => {
  await using database = await testDatabase();
  const first = await acquireLock(database.url, key, { timeoutMs: 0 });
  await first.assertHeld();
  const busy = await failure(acquireLock(database.url, key, { timeoutMs: 0 }));
  expect(busy).toMatchObject({
    code: "LOCK_1300",
    exit: 6,
    context: { details: { waited_ms: expect.any(Number) } },
  });
  const late = await failure(acquireLock(database.url, key, { timeoutMs: 200 }));
  expect(late.context.details?.["waited_ms"]).toBeGreaterThanOrEqual(200);
  const second = acquireLock(database.url, key, { timeoutMs: 10_000, pollMs: 20, random: () => 0.5 });
  await sleep(150);
  await first[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();
  expect(first.lost).toBe(false);
  await using held = await second;
  expect(held.waitedMs).toBeGreaterThanOrEqual(100);
});

test("on a connection given: released, not closed", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await using other = await Connection.open(database.url);
  {
    await using lock = await acquireLock(db, key, { timeoutMs: 0 });
    expect(lock.lost).toBe(false);
    expect(await failure(acquireLock(other, key, { timeoutMs: 0 }))).toMatchObject({ code: "LOCK_1300" });
    expect(other.isOpen).toBe(true);
  }
  expect(db.isOpen).toBe(true);
  await using lock = await acquireLock(other, key, { timeoutMs: 0 });
  await lock.assertHeld();
  await other.run(sql`discard all`);
  expect(await failure(lock.assertHeld())).toMatchObject({ code: "CONFIG_006" });
});

test("who waits holds no snapshot: CREATE INDEX CONCURRENTLY of the holder goes through", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql`create table t (a int)`);
  const lock = await acquireLock(database.url, key, { timeoutMs: 0 });
  const waiting = acquireLock(database.url, key, { timeoutMs: 20_000, pollMs: 10 });
  await sleep(50);
  await db.run(sql`set statement_timeout = '10s'`);
  await db.run(sql`create index concurrently on t (a)`);
  await lock[Symbol.asyncDispose]();
  await using _held = await waiting;
});

test("a lost connection is noticed", async () => {
  await using database = await testDatabase();
  await using lock = await acquireLock(database.url, key, { timeoutMs: 0, applicationName: "lock to lose" });
  await terminateWhere("lock to lose");
  expect(await lock.loss).toMatchObject({ code: "CONFIG_006" });
  expect(lock.lost).toBe(true);
  expect(await failure(lock.assertHeld())).toMatchObject({ code: "CONFIG_006" });
});

test("a session ended while it waits, or a signal, ends the wait", async () => {
  await using database = await testDatabase();
  await using _held = await acquireLock(database.url, key, { timeoutMs: 0 });
  const waiting = failure(
    acquireLock(database.url, key, { timeoutMs: 20_000, applicationName: "waiting to die" }),
  );
  const stop = new AbortController();
  const stopped = failure(acquireLock(database.url, key, { timeoutMs: 20_000, signal: stop.signal }));
  await sleep(200);
  await terminateWhere("waiting to die");
  expect(await waiting).toMatchObject({ code: "CONFIG_006" });
  stop.abort(new Error("enough"));
  expect(await stopped).toMatchObject({ message: "enough" });
});

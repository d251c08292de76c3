import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { watchBlockers } from "../../../../src/migrate/lock/blockers.ts";
import { Connection } from "../../../../src/pg/connection.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { testMigrations } from "../../../support/migrations.ts";

const watchers = sql`select state, backend_xmin from pg_stat_activity
  where application_name = 'confiture blockers' and datname = current_database()`;

test("who holds the table is remembered after it is free again", async () => {
  await using bench = await testMigrations({});
  await using holder = await Connection.open(bench.database.url, { applicationName: "nightly report" });
  await using waiting = await Connection.open(bench.database.url);
  await holder.run(sql`create table t (a int)`);
  await holder.run(sql`begin`);
  await holder.run(
    sql`select * from t where ${"x".repeat(10)} <> ${"y"} or a = 1 /* ${sql.raw("z".repeat(300))} */`,
  );
  await using watch = watchBlockers(bench.target, waiting.server.pid, { afterMs: 50, everyMs: 20 });
  const altered = waiting.run(sql`set lock_timeout = '1s'; alter table t add column b int`);
  altered.catch(() => undefined);
  await vi.waitUntil(() => watch.last().length > 0, { timeout: 1000 });
  // It looks every 20 ms, and is idle between.
  await vi.waitFor(async () =>
    expect(await bench.ask(watchers)).toEqual([{ state: "idle", backend_xmin: null }]),
  );
  await expect(altered).rejects.toMatchObject({ context: { details: { sqlstate: "55P03" } } });
  await holder.run(sql`rollback`);
  await sleep(60);
  expect(watch.last()).toEqual([
    {
      pid: holder.server.pid,
      user: "postgres",
      application: "nightly report",
      state: "idle in transaction",
      query: expect.stringMatching(/^select \* from t where .{178}$/),
      query_age_ms: expect.any(Number),
      transaction_age_ms: expect.any(Number),
      wait: "Client: ClientRead",
    },
  ]);
});

test("before its time nothing is opened, and a watch that never began ends at once", async () => {
  await using bench = await testMigrations({});
  const watch = watchBlockers(bench.target, 1, { afterMs: 10_000, everyMs: 10 });
  await sleep(50);
  expect(await bench.ask(watchers)).toEqual([]);
  await watch[Symbol.asyncDispose]();
  expect(watch.last()).toEqual([]);
});

test("a server that cannot be reached, or that ends the session, is no error of the watch", async () => {
  await using bench = await testMigrations({});
  const nowhere = { ...bench.target, url: "postgresql://127.0.0.1:1/x" };
  await using lost = watchBlockers(nowhere, 1, { afterMs: 0, everyMs: 5 });
  await using watch = watchBlockers(bench.target, 1, { afterMs: 0, everyMs: 20 });
  await vi.waitUntil(async () => (await bench.ask(watchers)).length === 1, { timeout: 5000 });
  await bench.ask(sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'confiture blockers' and datname = current_database()`);
  await vi.waitUntil(async () => (await bench.ask(watchers)).length === 1, { timeout: 5000 });
  expect([...lost.last(), ...watch.last()]).toEqual([]);
});

import { expect, test } from "vitest";
import { register } from "../../../src/coordinate/register.ts";
import { watch, type WatchChange } from "../../../src/coordinate/watch.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { coordinated, intends, simpleJudge } from "../../support/coordination.ts";
import { pooler } from "../../support/pooler.ts";

test("through a pool of two in transaction mode each of ten agents sees those before, and a watcher sees all", async () => {
  await using database = await coordinated();
  await using pool = await pooler(database.name, { mode: "transaction", size: 2, order: "longest" });
  const url = `postgresql://postgres@127.0.0.1:${pool.port}/${database.name}?sslmode=disable`;
  await using watcher = await Connection.open(url);
  const stop = new AbortController();
  const seen: WatchChange[] = [];
  const watching = watch(watcher, { afterId: 0, pollMs: 20, signal: stop.signal }, (change) => {
    seen.push(change);
    if (seen.length === 10) stop.abort();
  });
  await Promise.all(
    Array.from({ length: 10 }, async (_, i) => {
      await using db = await Connection.open(url);
      await register(db, intends(`agent ${i}`), simpleJudge);
    }),
  );
  expect(await watching).toMatchObject({ changes: 10 });
  await using db = await Connection.open(database.url);
  expect(await db.rows(sql`select from confiture.conflict`)).toHaveLength(45);
  // Nobody listens: a backend that is shared would do so for others.
  expect(await db.rows(sql`select from pg_stat_activity where query ilike 'listen%'`)).toEqual([]);
});

import { expect, test } from "vitest";
import { abandon } from "../../../src/coordinate/abandon.ts";
import { register } from "../../../src/coordinate/register.ts";
import { start } from "../../../src/coordinate/start.ts";
import { watch, type WatchChange } from "../../../src/coordinate/watch.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { coordinated, intends, simpleJudge } from "../../support/coordination.ts";
import { testDatabase } from "../../support/database.ts";

/** Until a condition holds; a test that waits for ever runs into its limit. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 5));
}

test("a change wakes whoever watches, long before the next look, in the order of the commits", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  await using watcher = await Connection.open(database.url);
  await register(db, intends("before"), simpleJudge);
  const seen: WatchChange[] = [];
  const stop = new AbortController();
  const watching = watch(
    watcher,
    { pollMs: 600_000, signal: stop.signal },
    (change) => void seen.push(change),
  );
  // It listens before it looks, and looks before it waits.
  const listens = sql`select from pg_stat_activity where pid = ${watcher.server.pid} and state = 'idle' and query ilike 'commit%'`;
  while ((await db.rows(listens)).length === 0);
  const { intent } = await register(db, intends("ada", "t", "c"), simpleJudge);
  await until(() => seen.length === 1);
  await start(db, intent.id);
  await db.run(sql`update confiture.intent set status = 'abandoned' where id = ${intent.id}`);
  await until(() => seen.length === 3);
  stop.abort(new Error("Ctrl-C"));
  expect(await watching).toMatchObject({
    type: "end",
    reason: "interrupted",
    changes: 3,
    last_id: seen[2]!.id,
  });
  expect(seen.map((change) => [change.type, change.agent_id, change.new_status])).toEqual([
    ["change", "ada", "registered"],
    ["change", "ada", "in_progress"],
    ["change", "ada", "abandoned"],
  ]);
});

test("rows that nobody notified of are seen at the next look, from any row on, until the time is over", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  await using watcher = await Connection.open(database.url);
  const { intent } = await register(db, intends("ada"), simpleJudge);
  const seen: WatchChange[] = [];
  const watching = watch(
    watcher,
    { afterId: 0, pollMs: 30, timeoutMs: 1500 },
    (change) => void seen.push(change),
  );
  await until(() => seen.length === 1);
  await db.run(sql`insert into confiture.intent_history (intent_id, new_status, changed_by)
    values (${intent.id}, 'registered', 'a row without a notification')`);
  await until(() => seen.length === 2);
  await abandon(db, intent.id, { reason: "done" });
  expect(await watching).toEqual({ type: "end", reason: "timeout", changes: 3, last_id: seen[2]!.id });
  expect(seen.map(({ changed_by: by }) => by)).toEqual(["ada", "a row without a notification", "postgres"]);
});

test("a database without the tables, and one that goes away", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await expect(watch(db, { timeoutMs: 50 }, () => {})).rejects.toMatchObject({ code: "COORD_1001" });
});

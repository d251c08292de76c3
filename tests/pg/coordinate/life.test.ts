import { expect, test } from "vitest";
import { abandon } from "../../../src/coordinate/abandon.ts";
import { check } from "../../../src/coordinate/check.ts";
import { claim } from "../../../src/coordinate/claim.ts";
import { complete } from "../../../src/coordinate/complete.ts";
import { conflicts } from "../../../src/coordinate/conflicts.ts";
import { heartbeat } from "../../../src/coordinate/heartbeat.ts";
import { history } from "../../../src/coordinate/history.ts";
import { merge } from "../../../src/coordinate/merge.ts";
import { register } from "../../../src/coordinate/register.ts";
import { reserveVersion } from "../../../src/coordinate/reserve-version.ts";
import { resolve } from "../../../src/coordinate/resolve.ts";
import { start } from "../../../src/coordinate/start.ts";
import { overview, statusOf } from "../../../src/coordinate/status.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { coordinated, intends, letPass, simpleJudge } from "../../support/coordination.ts";

const NOBODY = "00000000-0000-4000-8000-000000000000";

test("from its registration to its merge, and back once, with every step in the history", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const { intent } = await register(db, intends("ada"), simpleJudge);
  const { id } = intent;
  expect(await start(db, id, { agentId: "ada" })).toMatchObject({ intent: { status: "in_progress" } });
  expect(
    await complete(db, id, { outcome: "partial", notes: "the index is missing", mergeCommit: "abc" }),
  ).toMatchObject({
    intent: {
      status: "completed",
      lease_expires_at: null,
      outcome: "partial",
      outcome_notes: "the index is missing",
      merge_commit: "abc",
    },
  });
  const again = await start(db, id);
  expect(Date.parse(again.intent.lease_expires_at!)).toBeGreaterThan(Date.now() + 7 * 3_600_000);
  await complete(db, id);
  expect(await merge(db, id, { agentId: "the queue", mergeCommit: "def" })).toMatchObject({
    intent: { status: "merged", merge_commit: "def", outcome: "success" },
  });
  const { history: rows, total } = await history(db, { intentId: id });
  expect(total).toBe(6);
  expect(rows.map((row) => [row.old_status, row.new_status, row.changed_by, row.reason])).toEqual([
    [null, "registered", "ada", null],
    ["registered", "in_progress", "ada", null],
    ["in_progress", "completed", "postgres", "the index is missing"],
    ["completed", "in_progress", "postgres", null],
    ["in_progress", "completed", "postgres", "success"],
    ["completed", "merged", "the queue", "def"],
  ]);
  expect((await history(db, { limit: 2 })).history).toEqual(rows.slice(-2));
});

test("what is not legal is refused with what is", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const { intent } = await register(db, intends("ada"), simpleJudge);
  await expect(merge(db, intent.id)).rejects.toMatchObject({
    code: "COORD_1004",
    exit: 5,
    message: expect.stringContaining("in_progress or abandoned or conflicted") as string,
  });
  await expect(start(db, intent.id, { agentId: "bob" })).rejects.toMatchObject({ code: "COORD_1006" });
  await abandon(db, intent.id, { reason: "no use" });
  await expect(abandon(db, intent.id, { reason: "no use" })).rejects.toMatchObject({ code: "COORD_1004" });
  await expect(heartbeat(db, intent.id)).rejects.toMatchObject({ code: "COORD_1004" });
  expect((await history(db)).history.at(-1)).toMatchObject({ new_status: "abandoned", reason: "no use" });
});

test("ids that nobody has", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  for (const verb of [
    () => start(db, NOBODY),
    () => heartbeat(db, NOBODY),
    () => complete(db, NOBODY),
    () => merge(db, NOBODY),
    () => abandon(db, NOBODY, { reason: "x" }),
    () => statusOf(db, NOBODY),
    () => history(db, { intentId: NOBODY }),
  ])
    await expect(verb()).rejects.toMatchObject({ code: "COORD_1002", exit: 1 });
  await expect(resolve(db, 7, { notes: "x" })).rejects.toMatchObject({ code: "COORD_1003", exit: 1 });
});

test("a lease that has passed counts for nothing, and its owner has to register again", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const { intent: ada } = await register(db, intends("ada"), simpleJudge);
  const { intent: bob } = await register(db, intends("bob"), simpleJudge);
  await start(db, ada.id);
  await letPass(db, ada.id);
  expect(await statusOf(db, ada.id)).toMatchObject({ intent: { status: "in_progress", expired: true } });
  expect(await check(db, intends("eve"), simpleJudge)).toMatchObject({
    conflicts_detected: 1,
    conflicts: [{ agent_b: "bob" }],
  });
  expect(await conflicts(db)).toMatchObject({ total_conflicted_intents: 0 });
  for (const verb of [start, heartbeat, complete])
    await expect(verb(db, ada.id)).rejects.toMatchObject({ code: "COORD_1005" });
  // psql meets the same rule.
  await expect(
    db.run(sql`update confiture.intent set status = 'completed' where id = ${ada.id}`),
  ).rejects.toMatchObject({ context: { details: { constraint: "intent_lease_passed" } } });
  await register(db, intends("eve", "other", "column"), simpleJudge);
  expect((await history(db, { intentId: ada.id })).history.at(-1)).toMatchObject({
    old_status: "in_progress",
    new_status: "abandoned",
    reason: "lease expired",
    changed_by: "confiture",
  });
  await expect(heartbeat(db, ada.id)).rejects.toMatchObject({ code: "COORD_1005" });
  // Whoever waited for it alone waits no more.
  expect(await statusOf(db, bob.id)).toMatchObject({
    intent: { status: "registered" },
    conflicts: [{ reviewed: true, resolution_notes: `intent ${ada.id} was abandoned` }],
  });
});

test("a heartbeat keeps a short lease, by the database's clock", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const { intent } = await register(db, intends("ada", "t", "c", { ttlMs: 600 }), simpleJudge);
  for (let beat = 0; beat < 3; beat++) {
    await db.run(sql`select pg_sleep(0.3)`);
    await heartbeat(db, intent.id, { agentId: "ada" });
  }
  const { intent: longer } = await heartbeat(db, intent.id, { ttlMs: 3_600_000 });
  expect(Date.parse(longer.lease_expires_at!)).toBeGreaterThan(Date.now() + 3_000_000);
  const { intent: other } = await register(db, intends("bob", "u", "c", { ttlMs: 200 }), simpleJudge);
  await db.run(sql`select pg_sleep(0.3)`);
  await expect(heartbeat(db, other.id)).rejects.toMatchObject({ code: "COORD_1005" });
  expect(await overview(db)).toMatchObject({ total: 2, intents: [{ id: intent.id }] });
});

test("a conflicted intent waits until the last of its conflicts is resolved, then is registered", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  await register(db, intends("ada"), simpleJudge);
  await register(db, intends("bob"), simpleJudge);
  const { intent, conflicts: found } = await register(db, intends("eve"), simpleJudge);
  expect(found).toHaveLength(2);
  await expect(start(db, intent.id)).rejects.toMatchObject({
    code: "COORD_1004",
    message: expect.stringContaining("2 conflict(s)") as string,
  });
  await expect(
    db.run(sql`update confiture.intent set status = 'registered' where id = ${intent.id}`),
  ).rejects.toMatchObject({ context: { details: { constraint: "intent_conflicts_open" } } });
  expect(await resolve(db, found[0]!.id, { notes: "we share it", agentId: "eve" })).toMatchObject({
    conflict_id: found[0]!.id,
    resolved: true,
    resolution_notes: "we share it",
    released: [],
  });
  expect(await resolve(db, found[1]!.id, { notes: "bob waits", agentId: "eve" })).toMatchObject({
    released: [intent.id],
  });
  expect((await history(db, { intentId: intent.id })).history.at(-1)).toMatchObject({
    new_status: "registered",
    reason: "its conflicts are resolved",
    changed_by: "eve",
  });
  expect(await start(db, intent.id)).toMatchObject({ intent: { status: "in_progress" } });
  // Said again, it only gets other notes.
  expect(await resolve(db, found[1]!.id, { notes: "bob is done" })).toMatchObject({
    released: [],
    conflict: { resolution_notes: "bob is done", reviewed: true },
  });
});

test("a role with the privileges of the guide goes through a whole life, and cannot write the history", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const role = `${database.name}_agent`;
  await db.run(
    sql.raw(`create role ${role}; grant usage on schema confiture to ${role};
      grant select on all tables in schema confiture to ${role};
      grant insert, update on confiture.intent, confiture.touch, confiture.conflict, confiture.reserved_version to ${role};
      grant insert, update, delete on confiture.claim, confiture.claim_wait to ${role};
      grant insert, update on confiture.fence to ${role};
      grant usage on all sequences in schema confiture to ${role};
      set role ${role}`),
  );
  const { intent: ada } = await register(db, intends("ada"), simpleJudge);
  const { intent: bob, conflicts: found } = await register(db, intends("bob"), simpleJudge);
  expect(await resolve(db, found[0]!.id, { notes: "x" })).toMatchObject({ released: [bob.id] });
  await start(db, ada.id);
  await claim(db, ada.id, { exclusive: ["public.users"] });
  await heartbeat(db, ada.id);
  expect(await reserveVersion(db, ada.id, async () => "1")).toBe("1");
  await complete(db, ada.id);
  await merge(db, ada.id);
  await abandon(db, bob.id, { reason: "x" });
  for (const write of [
    "insert into confiture.intent_history (intent_id, new_status, changed_by) values ('x', 'merged', 'x')",
    "delete from confiture.intent_history",
    "insert into confiture.transition values ('merged', 'registered')",
  ])
    await expect(db.run(sql.raw(write))).rejects.toMatchObject({
      context: { details: { sqlstate: "42501" } },
    });
  await db.run(sql.raw(`reset role; drop owned by ${role}; drop role ${role}`));
});

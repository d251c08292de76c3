import { expect, test } from "vitest";
import { abandon } from "../../../src/coordinate/abandon.ts";
import { check } from "../../../src/coordinate/check.ts";
import { conflicts } from "../../../src/coordinate/conflicts.ts";
import { history } from "../../../src/coordinate/history.ts";
import { init } from "../../../src/coordinate/init.ts";
import { listIntents } from "../../../src/coordinate/list-intents.ts";
import { register } from "../../../src/coordinate/register.ts";
import { resolve } from "../../../src/coordinate/resolve.ts";
import { overview, statusOf } from "../../../src/coordinate/status.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { coordinated, intends, OLD_TABLES, simpleJudge } from "../../support/coordination.ts";
import { testDatabase } from "../../support/database.ts";

const NOBODY = "00000000-0000-4000-8000-000000000000";

test("intents of the old tool may touch anything until they are settled", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql.raw(OLD_TABLES));
  await init(db);
  expect(await check(db, intends("ada"), simpleJudge)).toMatchObject({
    conflicts: [
      { agent_b: "old a", relation: "opaque" },
      { agent_b: "old b", relation: "opaque" },
    ],
  });
  expect(await listIntents(db, { status: "merged" })).toMatchObject({
    intents: [{ agent_id: "old c", opaque: true }],
  });
  const { conflicted_intents: open } = await conflicts(db);
  expect(open.map(({ intent }) => [intent.agent_id, intent.status])).toEqual([
    ["old a", "in_progress"],
    ["old b", "conflicted"],
  ]);
  const released = await resolve(db, 7, { notes: "same change" });
  expect(released.released).toEqual([open[1]!.intent.id]);
});

test("lists and the overview", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  expect(await listIntents(db)).toEqual({ total: 0, intents: [] });
  expect(await conflicts(db)).toEqual({ total_conflicted_intents: 0, conflicted_intents: [] });
  const { intent: a } = await register(db, intends("ada"), simpleJudge);
  const { intent: b } = await register(db, intends("bob"), simpleJudge);
  await abandon(db, a.id, { reason: "x" });
  expect(await overview(db)).toMatchObject({
    total: 2,
    by_status: { registered: 1, abandoned: 1, conflicted: 0, merged: 0 },
    intents: [{ id: b.id }],
    conflicts: [],
  });
  expect(await overview(db, { status: "abandoned", agentId: "ada" })).toMatchObject({
    total: 1,
    intents: [{ id: a.id }],
  });
  const ids = async (filter: Parameters<typeof listIntents>[1]) =>
    (await listIntents(db, filter)).intents.map(({ id }) => id);
  expect(await ids({})).toEqual([a.id, b.id]);
  expect(await ids({ agentId: "bob" })).toEqual([b.id]);
  expect(await ids({ status: "abandoned" })).toEqual([a.id]);
  expect(
    await ids({ since: new Date(Date.now() - 60_000), until: new Date(Date.now() + 60_000) }),
  ).toHaveLength(2);
  expect(await ids({ since: new Date(Date.now() + 60_000) })).toEqual([]);
  expect(await ids({ until: new Date(Date.now() - 60_000) })).toEqual([]);
});

test("reads make no tables where there are none, and work for a role that may only read", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const reads = [
    () => listIntents(db),
    () => overview(db),
    () => statusOf(db, NOBODY),
    () => conflicts(db),
    () => history(db),
    () => check(db, intends("ada"), simpleJudge),
  ];
  const catalog = sql`select (select count(*) from pg_class) as classes, (select count(*) from pg_namespace) as schemas`;
  const before = await db.rows(catalog);
  for (const read of [...reads, () => register(db, intends("ada"), simpleJudge)])
    await expect(read()).rejects.toMatchObject({ code: "COORD_1001" });
  expect(await db.rows(catalog)).toEqual(before);
  await init(db);
  const { intent } = await register(db, intends("ada"), simpleJudge);
  const role = `${database.name}_reader`;
  await db.run(
    sql.raw(`create role ${role}; grant usage on schema confiture to ${role};
    grant select on all tables in schema confiture to ${role}; set role ${role}`),
  );
  expect(await listIntents(db)).toMatchObject({ intents: [{ id: intent.id }] });
  expect(await check(db, intends("bob"), simpleJudge)).toMatchObject({ conflicts_detected: 1 });
  await db.run(sql.raw(`reset role; drop owned by ${role}; drop role ${role}`));
});

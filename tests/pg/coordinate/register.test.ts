import { expect, test } from "vitest";
import { abandon } from "../../../src/coordinate/abandon.ts";
import { check } from "../../../src/coordinate/check.ts";
import { complete } from "../../../src/coordinate/complete.ts";
import { conflicts } from "../../../src/coordinate/conflicts.ts";
import { history } from "../../../src/coordinate/history.ts";
import { listIntents } from "../../../src/coordinate/list-intents.ts";
import { merge } from "../../../src/coordinate/merge.ts";
import { register } from "../../../src/coordinate/register.ts";
import { start } from "../../../src/coordinate/start.ts";
import { statusOf } from "../../../src/coordinate/status.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { coordinated, footprint, intends, simpleJudge } from "../../support/coordination.ts";

test("fifty agents register at once for one column: every pair is one conflict, and both sides show it", async () => {
  await using database = await coordinated();
  const results = await Promise.all(
    Array.from({ length: 50 }, async (_, i) => {
      await using own = await Connection.open(database.url);
      return await register(own, intends(`agent ${i}`), simpleJudge);
    }),
  );
  await using db = await Connection.open(database.url);
  const pairs = await db.rows<{ pair: string }>(sql`
    select least(intent_a, intent_b) || ' ' || greatest(intent_a, intent_b) as pair from confiture.conflict`);
  expect(pairs).toHaveLength((50 * 49) / 2);
  expect(new Set(pairs.map(({ pair }) => pair)).size).toBe(pairs.length);
  const { intents } = await listIntents(db);
  expect(intents.map((intent) => intent.conflicts_with.length)).toEqual(Array.from({ length: 50 }, () => 49));
  expect(intents.map(({ status }) => status)).toEqual([
    "registered",
    ...Array.from({ length: 49 }, () => "conflicted"),
  ]);
  expect((await conflicts(db)).total_conflicted_intents).toBe(50);
  expect(new Set(intents.map((intent) => intent.branch_name)).size).toBe(50);
  // Each was told of all that came before it.
  const told = results.map((result) => result.conflicts.length).toSorted((a, b) => a - b);
  expect(told).toEqual(Array.from({ length: 50 }, (_, i) => i));
});

test("twenty of the same feature's name at once get twenty branch names, in a row", async () => {
  await using database = await coordinated();
  const results = await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      await using own = await Connection.open(database.url);
      return await register(
        own,
        intends("one agent", `t${i}`, "c", { featureName: "Add Tax/Rate" }),
        simpleJudge,
      );
    }),
  );
  const numbers = Array.from(
    { length: 19 },
    (_, i) => `feature/add_tax_rate_${String(i + 1).padStart(3, "0")}`,
  );
  expect(results.map(({ intent }) => intent.branch_name).toSorted()).toEqual([
    "feature/add_tax_rate",
    ...numbers,
  ]);
  await using db = await Connection.open(database.url);
  // `_` is no wildcard: these are other names.
  for (const [name, branch] of [
    ["addXtax_rate", "feature/addxtax_rate"],
    ["add_tax", "feature/add_tax"],
    ["", undefined],
  ] as const) {
    const registering = register(db, intends("b", name || "t", "d", { featureName: name }), simpleJudge);
    if (branch === undefined) await expect(registering).rejects.toMatchObject({ code: "COORD_1008" });
    else expect((await registering).intent.branch_name).toBe(branch);
  }
});

test("what is registered comes back as it was said, and a conflict names both sides and the place", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const first = await register(db, intends("ada"), simpleJudge);
  expect(first).toMatchObject({ intent: { status: "registered", conflicts_with: [] }, conflicts: [] });
  const { intent, conflicts: found } = await register(
    db,
    intends("bob", "users", "email", {
      riskLevel: "high",
      estimatedHours: 900.5,
      metadata: { ticket: 7 },
      ttlMs: 60_000,
    }),
    simpleJudge,
  );
  expect(intent).toMatchObject({
    agent_id: "bob",
    status: "conflicted",
    risk_level: "high",
    estimated_duration_ms: 3_241_800_000,
    metadata: { ticket: 7 },
    schema_changes: ["alter table users alter column email type text"],
    tables_affected: ["public.users"],
    conflicts_with: [first.intent.id],
    expired: false,
    opaque: false,
  });
  expect(intent.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Date.parse(intent.lease_expires_at!) - Date.parse(intent.created_at)).toBeCloseTo(60_000, -2);
  expect(found).toMatchObject([
    {
      intent_a: intent.id,
      intent_b: first.intent.id,
      agent_a: "bob",
      agent_b: "ada",
      conflict_type: "column",
      affected_objects: ["public.users.email"],
      severity: "error",
      relation: "conflict",
      resolution_suggestions: ["talk to each other"],
      reviewed: false,
    },
  ]);
  expect(await statusOf(db, first.intent.id)).toMatchObject({
    intent: { status: "registered", conflicts_with: [intent.id] },
    conflicts: found,
  });
});

test("the history says who was in the way, and a judge that fails leaves nothing behind", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  for (let i = 0; i < 8; i++) await register(db, intends(`agent ${i}`), simpleJudge);
  const judge = () => {
    throw new Error("cannot tell");
  };
  await expect(register(db, intends("eve"), judge)).rejects.toThrow("cannot tell");
  const { history: rows } = await history(db);
  expect(rows.map(({ reason }) => reason)).toMatchObject({
    length: 8,
    0: null,
    2: "in conflict with agent 0, agent 1",
    7: "in conflict with agent 0, agent 1, agent 2, agent 3, agent 4 and 2 more",
  });
});

test("check finds what register would, and leaves no trace", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  await register(db, intends("ada"), simpleJudge);
  const rows = sql`select (select count(*) from confiture.intent) i, (select count(*) from confiture.conflict) c,
    (select count(*) from confiture.intent_history) h, (select count(*) from confiture.touch) t`;
  const before = await db.rows(rows);
  expect(await check(db, intends("bob"), simpleJudge)).toMatchObject({
    conflicts_detected: 1,
    conflicts: [{ id: 0, intent_a: null, agent_a: "bob", agent_b: "ada", severity: "error" }],
  });
  expect(await check(db, intends("ada"), simpleJudge)).toEqual({
    conflicts_detected: 0,
    conflicts: [],
    footprint: intends("ada").footprint,
    proofs: null,
  });
  expect(await check(db, intends("bob", "users", "name"), simpleJudge)).toMatchObject({
    conflicts_detected: 0,
  });
  expect(await db.rows(rows)).toEqual(before);
});

test("a warning alone conflicts nobody, but both sides show it", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const writes = { footprint: footprint("users", "email", "write data") };
  const first = await register(db, intends("ada", "users", "email", writes), simpleJudge);
  const second = await register(db, intends("bob", "users", "email", writes), simpleJudge);
  expect(second).toMatchObject({ intent: { status: "registered" }, conflicts: [{ severity: "warning" }] });
  expect(second.intent.conflicts_with).toEqual([first.intent.id]);
  expect(await conflicts(db, { severity: "error" })).toEqual({
    total_conflicted_intents: 0,
    conflicted_intents: [],
  });
  expect(await conflicts(db, { severity: "warning" })).toMatchObject({ total_conflicted_intents: 2 });
});

test("an intent counts until it is merged or abandoned, also when it is completed or conflicted itself", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const { intent: ada } = await register(db, intends("ada"), simpleJudge);
  const { intent: bob } = await register(db, intends("bob"), simpleJudge);
  const inTheWay = async () =>
    (await check(db, intends("eve"), simpleJudge)).conflicts.map((conflict) => conflict.agent_b);
  expect(await inTheWay()).toEqual(["ada", "bob"]);
  await start(db, ada.id);
  await complete(db, ada.id);
  expect(await inTheWay()).toEqual(["ada", "bob"]);
  await merge(db, ada.id);
  expect(await inTheWay()).toEqual(["bob"]);
  await abandon(db, bob.id, { reason: "no use" });
  expect(await inTheWay()).toEqual([]);
});

test.each([
  [{ agentId: " " }, "agentId: is empty"],
  [{ schemaChanges: [] }, "schemaChanges: are none"],
  [{ estimatedHours: -1 }, "estimatedHours"],
  [{ estimatedHours: Number.NaN }, "estimatedHours"],
  [{ riskLevel: "critical" as "high" }, "riskLevel"],
  [{ metadata: [] as unknown as Record<string, unknown> }, "metadata"],
  [{ ttlMs: 0 }, "ttlMs"],
])("%j is refused before anything is written", async (wrong, message) => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  for (const verb of [register, check])
    await expect(verb(db, { ...intends("ada"), ...wrong }, simpleJudge)).rejects.toMatchObject({
      code: "COORD_1008",
      message: expect.stringContaining(message) as string,
    });
  expect((await listIntents(db)).total).toBe(0);
});

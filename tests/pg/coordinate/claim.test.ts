import { expect, test } from "vitest";
import { abandon } from "../../../src/coordinate/abandon.ts";
import { claim } from "../../../src/coordinate/claim.ts";
import { claims } from "../../../src/coordinate/claims.ts";
import { complete } from "../../../src/coordinate/complete.ts";
import { heartbeat } from "../../../src/coordinate/heartbeat.ts";
import { merge } from "../../../src/coordinate/merge.ts";
import { register } from "../../../src/coordinate/register.ts";
import { release } from "../../../src/coordinate/release.ts";
import { start } from "../../../src/coordinate/start.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { intentOf } from "../../support/claims.ts";
import { coordinated, intends, letPass, simpleJudge } from "../../support/coordination.ts";

/** As textbooks have it: which lock goes with which, in the order IS, IX, S, X. */
const COMPATIBLE = {
  IS: { IS: true, IX: true, S: true, X: false },
  IX: { IS: true, IX: true, S: false, X: false },
  S: { IS: true, IX: false, S: true, X: false },
  X: { IS: false, IX: false, S: false, X: false },
} as const;

test("the matrix of the intention locks", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const pairs = Object.entries(COMPATIBLE).flatMap(([a, row]) =>
    Object.entries(row).map(([b, agree]) => ({ a, b, agree })),
  );
  expect(pairs).toHaveLength(16);
  const rows = await db.rows(sql`
    select p.a, p.b, confiture.locks_agree(p.a, p.b) as agree
    from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as p (a text, b text)`);
  expect(rows).toEqual(pairs);
});

/** Locks that a claim takes on `public.t`, by the object that is claimed and the mode. */
const LOCK_ON_TABLE = {
  IS: { shared: ["public.t.a"] },
  IX: { exclusive: ["public.t.a"] },
  S: { shared: ["public.t"] },
  X: { exclusive: ["public.t"] },
} as const;
const OTHER_COLUMN = { IS: { shared: ["public.t.b"] }, IX: { exclusive: ["public.t.b"] } } as const;

test("claims on a table and on its columns keep to the matrix, whoever comes first", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const [ada, bob] = [await intentOf(db, "ada"), await intentOf(db, "bob")];
  for (const [mine, row] of Object.entries(COMPATIBLE))
    for (const [theirs, agree] of Object.entries(row)) {
      await claim(db, ada, LOCK_ON_TABLE[mine as keyof typeof LOCK_ON_TABLE]);
      const wanted = { ...LOCK_ON_TABLE, ...OTHER_COLUMN }[theirs as keyof typeof LOCK_ON_TABLE];
      const granted = await claim(db, bob, wanted).then(
        () => true,
        () => false,
      );
      expect([mine, theirs, granted]).toEqual([mine, theirs, agree]);
      await release(db, ada);
      await release(db, bob);
    }
});

test("who is in the way is named, and nothing is taken where anything is not free", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const [ada, bob] = [await intentOf(db, "ada"), await intentOf(db, "bob")];
  const held = await claim(db, ada, { exclusive: ["public.users.email"], shared: ["function public.f"] });
  expect(held).toMatchObject({
    intent_id: ada,
    claims: [
      { object: "public.users.email", mode: "exclusive", state: "held", agent_id: "ada" },
      { object: "function public.f", mode: "shared" },
    ],
  });
  await expect(claim(db, bob, { exclusive: ["public.free", "schema public"] })).rejects.toMatchObject({
    code: "COORD_1020",
    exit: 6,
    message: expect.stringContaining(
      `public.users.email is claimed by ada (intent ${ada}), exclusive, until 2`,
    ) as string,
    context: {
      actionable: expect.stringContaining("--claim") as string,
      details: {
        blockers: [
          { reason: "holds", object: "function public.f", mode: "shared" },
          { reason: "holds", object: "public.users.email", agent_id: "ada", claim_id: held.claims[0]!.id },
        ],
      },
    },
  });
  expect((await claims(db, { intentId: bob })).claims).toEqual([]);
  expect((await claim(db, bob, { shared: ["function public.f"] })).fence).toBeGreaterThan(held.fence);
  await expect(claim(db, bob, { exclusive: ["users"] })).rejects.toMatchObject({ code: "COORD_1022" });
  expect((await claims(db, { agentId: "bob" })).claims).toMatchObject([{ object: "function public.f" }]);
});

test("claimed again, all that an intent holds has the new fence, and the stronger mode stays", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const ada = await intentOf(db, "ada");
  const first = await claim(db, ada, { exclusive: ["public.a", "public.b"] });
  const second = await claim(db, ada, { shared: ["public.a"] });
  expect(second.fence).toBeGreaterThan(first.fence);
  const { claims: all } = await claims(db);
  expect(all.map(({ object, mode, fence }) => [object, mode, fence])).toEqual([
    ["public.a", "exclusive", second.fence],
    ["public.b", "exclusive", second.fence],
  ]);
  expect(all.map(({ id }) => id)).toEqual(first.claims.map(({ id }) => id));
  expect(await release(db, ada, { objects: ["public.a"] })).toMatchObject({
    released: [{ object: "public.a" }],
  });
  await expect(release(db, ada, { objects: ["public.a"] })).rejects.toMatchObject({ code: "COORD_1023" });
  expect(await release(db, ada)).toMatchObject({ released: [{ object: "public.b" }] });
  expect(await release(db, ada)).toMatchObject({ released: [] });
});

test("without objects it is the intent's own footprint", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const { intent } = await register(db, intends("ada", "users", "email"), simpleJudge);
  expect((await claim(db, intent.id, {})).claims).toMatchObject([
    { object: "public.users.email", mode: "exclusive" },
  ]);
  const both = await claim(db, intent.id, { fromFootprint: true, shared: ["public.orders"] });
  expect(both.claims.map(({ object }) => object).toSorted()).toEqual(["public.orders", "public.users.email"]);
  // Of an intent of the old tool nobody knows what it touches.
  const bob = await intentOf(db, "bob");
  await release(db, intent.id);
  await db.run(sql`update confiture.intent set footprint = null where id = ${bob}`);
  expect((await claim(db, bob, {})).claims).toMatchObject([{ object: "database", mode: "exclusive" }]);
  await expect(claim(db, intent.id, { shared: ["extension hstore"] })).rejects.toMatchObject({
    code: "COORD_1020",
  });
  await db.run(
    sql`update confiture.intent set footprint = '{"statements": [], "touches": []}' where id = ${bob}`,
  );
  await expect(claim(db, bob, {})).rejects.toMatchObject({ code: "COORD_1022" });
});

test("an expired claim blocks nobody; a heartbeat keeps those that have not", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const [ada, bob] = [await intentOf(db, "ada"), await intentOf(db, "bob")];
  await claim(db, ada, { exclusive: ["public.a"], ttlMs: 400 });
  for (let beat = 0; beat < 3; beat++) {
    await db.run(sql`select pg_sleep(0.2)`);
    await heartbeat(db, ada);
  }
  await expect(claim(db, bob, { exclusive: ["public.a"] })).rejects.toMatchObject({ code: "COORD_1020" });
  await db.run(sql`select pg_sleep(0.5)`);
  const { claims: late } = await claims(db);
  expect(late).toMatchObject([{ object: "public.a", state: "expired" }]);
  const { claims: granted } = await claim(db, bob, { exclusive: ["public.a"] });
  await heartbeat(db, ada);
  expect((await claims(db, { intentId: ada })).claims).toMatchObject([
    { state: "lost", lost_to: granted[0]!.id },
  ]);
  // Claimed anew it is another claim.
  await release(db, bob);
  const again = await claim(db, ada, { exclusive: ["public.a"] });
  expect(again.claims[0]!.id).not.toBe(late[0]!.id);
  expect(again.fence).toBeGreaterThan(granted[0]!.fence);
});

test("only live intents claim, and what ends an intent ends its claims; a completed one keeps them until it is merged", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const [ada, bob] = [await intentOf(db, "ada"), await intentOf(db, "bob")];
  await expect(claim(db, ada, { exclusive: ["public.a"], agentId: "bob" })).rejects.toMatchObject({
    code: "COORD_1006",
  });
  await claim(db, ada, { exclusive: ["public.a"] });
  await start(db, ada);
  await complete(db, ada);
  expect((await claims(db)).claims).toMatchObject([{ state: "held", expires_at: null }]);
  await expect(claim(db, ada, { exclusive: ["public.b"] })).rejects.toMatchObject({ code: "COORD_1004" });
  await expect(claim(db, bob, { exclusive: ["public.a"] })).rejects.toMatchObject({
    message: expect.stringContaining("until it is merged") as string,
  });
  await start(db, ada);
  expect((await claims(db)).claims).toMatchObject([
    { state: "held", expires_at: expect.any(String) as string },
  ]);
  await complete(db, ada);
  await merge(db, ada);
  expect((await claims(db)).claims).toEqual([]);
  await claim(db, bob, { exclusive: ["public.a"] });
  await abandon(db, bob, { reason: "x" });
  expect((await claims(db)).claims).toEqual([]);
  await expect(claim(db, bob, { exclusive: ["public.a"] })).rejects.toMatchObject({ code: "COORD_1004" });
  const [eve, fay] = [await intentOf(db, "eve"), await intentOf(db, "fay")];
  await claim(db, eve, { exclusive: ["public.a"] });
  await letPass(db, eve);
  await expect(claim(db, eve, { exclusive: ["public.a"] })).rejects.toMatchObject({ code: "COORD_1005" });
  await claim(db, fay, { exclusive: ["public.a"] });
  expect((await claims(db)).claims).toMatchObject([{ intent_id: fay }]);
});

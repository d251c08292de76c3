import { expect, test } from "vitest";
import { claim } from "../../../src/coordinate/claim.ts";
import { claims } from "../../../src/coordinate/claims.ts";
import { release } from "../../../src/coordinate/release.ts";
import { steal } from "../../../src/coordinate/steal.ts";
import { history } from "../../../src/coordinate/history.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { clashes, intentOf, letExpire } from "../../support/claims.ts";
import { coordinated } from "../../support/coordination.ts";

test("a claim is taken with its id and a reason, before it expires, and both histories say so", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const [ada, bob] = [await intentOf(db, "ada"), await intentOf(db, "bob")];
  const held = await claim(db, ada, { exclusive: ["public.t", "public.t.a", "public.u"] });
  const [table, column] = held.claims;
  const theft = { claimId: column!.id, intentId: bob, agentId: "bob", reason: "ada is away" };
  await expect(steal(db, { ...theft, claimId: "x" })).rejects.toMatchObject({ code: "COORD_1023", exit: 1 });
  await expect(steal(db, { ...theft, agentId: "eve" })).rejects.toMatchObject({ code: "COORD_1006" });
  await expect(steal(db, { ...theft, intentId: ada, agentId: "ada" })).rejects.toMatchObject({
    code: "COORD_1022",
  });
  const taken = await steal(db, theft);
  expect(taken).toMatchObject({
    claim: { intent_id: bob, object: "public.t.a", mode: "exclusive", state: "held" },
    stolen: [
      { id: table!.id, object: "public.t", state: "lost", lost_to: taken.claim.id },
      { id: column!.id, object: "public.t.a", state: "lost" },
    ],
    reason: "ada is away",
  });
  expect(taken.claim.fence).toBeGreaterThan(held.fence);
  expect(await clashes(db)).toEqual([]);
  expect((await history(db, { intentId: ada })).history.at(-1)).toMatchObject({
    old_status: "registered",
    new_status: "registered",
    reason: "bob stole the claim on public.t, public.t.a: ada is away",
    changed_by: "bob",
  });
  expect((await history(db, { intentId: bob })).history.at(-1)).toMatchObject({
    reason: "stole the claim of ada on public.t, public.t.a: ada is away",
  });
  await expect(steal(db, theft)).rejects.toMatchObject({
    code: "COORD_1023",
    message: expect.stringContaining("is lost to claim") as string,
  });
  // The holder learns of it until it gives up, and can have it back by the same way only.
  expect((await claims(db, { agentId: "ada" })).claims.map(({ object, state }) => [object, state])).toEqual([
    ["public.t", "lost"],
    ["public.t.a", "lost"],
    ["public.u", "held"],
  ]);
  await expect(claim(db, ada, { exclusive: ["public.t.a"] })).rejects.toMatchObject({ code: "COORD_1020" });
  expect(await release(db, ada, { objects: ["public.t"] })).toMatchObject({
    released: [{ state: "lost" }],
  });
});

test("an expired claim can be stolen, unless a third holds its object by now", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const [ada, bob, eve] = [await intentOf(db, "ada"), await intentOf(db, "bob"), await intentOf(db, "eve")];
  const { claims: held } = await claim(db, ada, { exclusive: ["public.t"] });
  await letExpire(db, ada);
  await claim(db, eve, { shared: ["public.t.a"] });
  expect((await claims(db, { agentId: "ada" })).claims).toMatchObject([{ state: "lost" }]);
  const theft = { claimId: held[0]!.id, intentId: bob, agentId: "bob", reason: "late" };
  await expect(steal(db, theft)).rejects.toMatchObject({ code: "COORD_1023" });
  await db.run(sql`update confiture.claim set lost_to = null`);
  await expect(steal(db, theft)).rejects.toMatchObject({
    code: "COORD_1020",
    message: expect.stringContaining("eve") as string,
  });
  await release(db, eve);
  expect(await steal(db, theft)).toMatchObject({ claim: { agent_id: "bob", object: "public.t" } });
});

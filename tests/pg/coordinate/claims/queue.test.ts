import { expect, test } from "vitest";
import { claim } from "../../../../src/coordinate/claim.ts";
import { claims } from "../../../../src/coordinate/claims.ts";
import { release } from "../../../../src/coordinate/release.ts";
import { Connection } from "../../../../src/pg/connection.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { clashes, intentOf } from "../../../support/claims.ts";
import { randomFrom } from "../../../support/random.ts";
import { coordinated } from "../../../support/coordination.ts";

test("whoever waits is served in turn, as soon as it is free", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  await using second = await Connection.open(database.url);
  await using third = await Connection.open(database.url);
  const [ada, bob] = [await intentOf(db, "ada"), await intentOf(db, "bob")];
  const [eve, fay] = [await intentOf(db, "eve"), await intentOf(db, "fay")];
  await claim(db, ada, { shared: ["public.t"] });
  const order: string[] = [];
  const bobs = claim(second, bob, { exclusive: ["public.t"], waitMs: 20_000 }).then(() => order.push("bob"));
  await waitingAre(db, 1);
  // What could be granted at once does not starve who waits for longer.
  await expect(claim(db, eve, { shared: ["public.t"] })).rejects.toMatchObject({
    code: "COORD_1020",
    message: expect.stringContaining(`bob (intent ${bob}) waits for public.t`) as string,
  });
  const eves = claim(third, eve, { shared: ["public.t"], waitMs: 20_000 }).then(() => order.push("eve"));
  await waitingAre(db, 2);
  await claim(db, fay, { exclusive: ["public.u"] });
  expect((await claims(db)).waiting).toMatchObject([
    { agent_id: "bob", objects: [{ object: "public.t", mode: "exclusive" }] },
    { agent_id: "eve" },
  ]);
  // The holder may have more of it: who waits for the holder would wait for ever otherwise.
  await claim(db, ada, { shared: ["public.t.a"] });
  const began = performance.now();
  await release(db, ada);
  await bobs;
  expect(performance.now() - began).toBeLessThan(900);
  expect(order).toEqual(["bob"]);
  await release(db, bob);
  await eves;
  expect(order).toEqual(["bob", "eve"]);
  expect((await claims(db)).waiting).toEqual([]);
});

test("a wait ends with its time, and leaves the queue", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const [ada, bob] = [await intentOf(db, "ada"), await intentOf(db, "bob")];
  await claim(db, ada, { exclusive: ["public.t"] });
  await expect(claim(db, bob, { exclusive: ["public.t"], waitMs: 300 })).rejects.toMatchObject({
    code: "COORD_1020",
    exit: 6,
  });
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("enough")), 200);
  await expect(
    claim(db, bob, { exclusive: ["public.t"], waitMs: 20_000, signal: stop.signal }),
  ).rejects.toThrow("enough");
  expect((await claims(db)).waiting).toEqual([]);
});

test("two that would wait for each other are told", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  await using second = await Connection.open(database.url);
  const [ada, bob] = [await intentOf(db, "ada"), await intentOf(db, "bob")];
  await claim(db, ada, { exclusive: ["public.a"] });
  await claim(db, bob, { exclusive: ["public.b"] });
  const bobs = claim(second, bob, { exclusive: ["public.a"], waitMs: 20_000 });
  await waitingAre(db, 1);
  await expect(claim(db, ada, { exclusive: ["public.b"], waitMs: 20_000 })).rejects.toMatchObject({
    code: "COORD_1021",
    exit: 6,
  });
  await release(db, ada);
  expect(await bobs).toMatchObject({ claims: [{ object: "public.a" }] });
});

test("a waiter that is killed leaves the queue by itself", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const second = await Connection.open(database.url);
  const [ada, bob, eve] = [await intentOf(db, "ada"), await intentOf(db, "bob"), await intentOf(db, "eve")];
  await claim(db, ada, { exclusive: ["public.t"] });
  const killed = claim(second, bob, { exclusive: ["public.t"], waitMs: 60_000 }).catch(
    (error: unknown) => error,
  );
  await waitingAre(db, 1);
  await db.run(sql`select pg_terminate_backend(${second.server.pid})`);
  expect(await killed).toMatchObject({ code: "CONFIG_006" });
  await release(db, ada);
  await expect(claim(db, eve, { exclusive: ["public.t"] })).rejects.toMatchObject({ code: "COORD_1020" });
  const began = performance.now();
  await claim(db, eve, { exclusive: ["public.t"], waitMs: 20_000 });
  expect(performance.now() - began).toBeLessThan(8000);
  expect((await claims(db)).waiting).toEqual([]);
});

test("twenty at once with sets of their own: never two that clash, all are served, and fences only grow", async () => {
  await using database = await coordinated();
  const objects = [
    "public.a",
    "public.a.x",
    "public.a.y",
    "public.b",
    "public.b.x",
    "schema public",
    "app.c",
  ];
  await using admin = await Connection.open(database.url);
  const random = randomFrom(7);
  const agents: { id: string; sets: { exclusive: string[]; shared: string[] }[] }[] = [];
  for (let n = 0; n < 20; n++) {
    const pick = (share: number) => objects.filter(() => random() < share);
    const sets = Array.from({ length: 3 }, () => ({
      exclusive: [...pick(0.2), `own.t${n}`],
      shared: pick(0.2),
    }));
    agents.push({ id: await intentOf(admin, `agent${n}`), sets });
  }
  await admin.run(sql`
    create table grants (n bigint generated always as identity, fence bigint);
    create function log_grant() returns trigger language plpgsql as $$
      begin insert into grants (fence) values (new.fence); return null; end $$;
    create trigger log_grant after insert or update of fence on confiture.claim
      for each row execute function log_grant()`);
  const fences: number[] = [];
  await Promise.all(
    agents.map(async ({ id, sets }) => {
      await using db = await Connection.open(database.url);
      for (const set of sets) {
        const { fence } = await claim(db, id, { ...set, waitMs: 50_000 });
        fences.push(fence);
        expect(await clashes(db)).toEqual([]);
        await db.run(sql`select pg_sleep(${random() / 50})`);
        await release(db, id);
      }
    }),
  );
  expect(new Set(fences).size).toBe(60);
  const logged = await admin.rows<{ fence: number }>(
    sql`select fence::float8 as fence from grants order by n`,
  );
  const inOrder = logged.map(({ fence }) => fence);
  expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
  expect(await claims(admin)).toEqual({ claims: [], waiting: [] });
}, 180_000);

/** Until so many wait. */
async function waitingAre(db: Connection, count: number): Promise<void> {
  while ((await claims(db)).waiting.length !== count) await db.run(sql`select pg_sleep(0.01)`);
}

import { expect, test } from "vitest";
import { abandon } from "../../../src/coordinate/abandon.ts";
import { check } from "../../../src/coordinate/check.ts";
import { listIntents } from "../../../src/coordinate/list-intents.ts";
import { register } from "../../../src/coordinate/register.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { coordinated, footprint, intends, simpleJudge } from "../../support/coordination.ts";

const opaque = (schema: string | null) => {
  const made = footprint("x", "y");
  const object = { type: "schema", schema: null, name: schema ?? "*", part: null };
  return { ...made, touches: [{ object, mode: "opaque" as const, statement: 0, via: null }] };
};

test.each([
  ["the same name in an unknown schema", footprint("users", "email", "drop", null), true],
  ["the same name in another schema", footprint("users", "email", "drop", "app"), false],
  ["another name", footprint("userz", "email"), false],
  ["what may touch anything", opaque(null), true],
  ["what may touch anything in its schema", opaque("public"), true],
  ["what may touch anything in another schema", opaque("app"), false],
])("the judge is asked about %s: both ways", async (_title, other, isAsked) => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  const asked: string[] = [];
  const judge =
    (agent: string) =>
    (...sides: Parameters<typeof simpleJudge>) => {
      asked.push(agent);
      return { ...simpleJudge(...sides), clashes: [] };
    };
  await register(db, intends("ada", "users", "email"), judge("first"));
  await register(db, intends("bob", "t", "c", { footprint: other }), judge("bob"));
  expect(asked).toEqual(isAsked ? ["bob"] : []);
  const { intents } = await listIntents(db, { agentId: "ada" });
  await abandon(db, intents[0]!.id, { reason: "to ask the other way" });
  await check(db, intends("eve", "users", "email"), judge("eve"));
  expect(asked).toEqual(isAsked ? ["bob", "eve"] : []);
});

test("two that only read a table do not meet, one that drops its schema does", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  let asked = 0;
  const judge = (...sides: Parameters<typeof simpleJudge>) => (asked++, simpleJudge(...sides));
  const reads = footprint("users", "email", "read");
  const onlyReads = {
    ...reads,
    touches: reads.touches.map((touch) => ({ ...touch, mode: "read" as const })),
  };
  await register(db, intends("ada", "users", "email", { footprint: onlyReads }), judge);
  await register(db, intends("bob", "users", "email", { footprint: onlyReads }), judge);
  expect(asked).toBe(0);
  const locks = [{ schema: "public", name: "users", lock: "SHARE ROW EXCLUSIVE" as const, work: null }];
  const locking = { ...onlyReads, statements: [{ ...onlyReads.statements[0]!, locks }] };
  await check(db, intends("eve", "users", "email", { footprint: locking }), judge);
  expect(asked).toBe(2);
  const dropped = { type: "schema", schema: null, name: "public", part: null };
  const drops = { ...reads, touches: [{ object: dropped, mode: "drop" as const, statement: 0, via: null }] };
  await check(db, intends("eve", "users", "email", { footprint: drops }), judge);
  expect(asked).toBe(4);
});

import { expect, test } from "vitest";
import { planSteps, type Step } from "../../../src/diff/plan.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { type LinkedSnapshot, readLinkedSnapshot } from "../../../src/schema/snapshot.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";

async function snapshotOf(ddl: string): Promise<LinkedSnapshot> {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql.raw(ddl));
  return await readLinkedSnapshot(db);
}

const losses = (steps: readonly Step[]) => steps.map((step) => [step.sql, step.loses]);

test("an alteration that loses values says so, others do not", async () => {
  const table = "create table t (id int, p pt)";
  const from = await snapshotOf(`create type pt as (x int, y int); ${table}`);
  const to = await snapshotOf(`create type pt as (x int, z text); ${table}`);
  expect(losses(planSteps(from, to))).toEqual([
    ["alter type public.pt drop attribute y cascade", ["composite-type public.pt"]],
    ["alter type public.pt add attribute z text cascade", []],
  ]);
});

import { expect, test } from "vitest";
import { planSteps, type Step } from "../../../src/diff/plan.ts";
import { provePlan } from "../../../src/diff/prove.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { type LinkedSnapshot, readLinkedSnapshot } from "../../../src/schema/snapshot.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";

async function snapshotOf(ddl: string): Promise<LinkedSnapshot> {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql.raw(ddl));
  return await readLinkedSnapshot(db, { builder: db.server.user });
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

test("a plan for another database than it is run on fails its proof, with the step", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const from = await snapshotOf("create table gone (id int)");
  await expect(provePlan(db, from, await snapshotOf(""))).rejects.toMatchObject({
    code: "DIFFER_406",
    context: { details: { step: "drop table public.gone" } },
  });
});

test("a view that a type change passes through goes and comes in one transaction", async () => {
  const rest = "create view v as select a from t; create index on t (b)";
  const from = await snapshotOf("create table t (a int, b int); create view v as select a from t");
  const to = await snapshotOf(`create table t (a bigint, b int); ${rest}`);
  const shared = planSteps(from, to).map(({ sql: text, transaction }) => [
    transaction,
    text.split(" ").slice(0, 3).join(" "),
  ]);
  expect(shared).toEqual([
    ["shared", "drop view public.v"],
    ["shared", "alter table public.t"],
    ["shared", "create view public.v"],
    ["none", "create index concurrently"],
  ]);
});

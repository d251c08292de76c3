import { expect, inject, test } from "vitest";
import { hazardsOf } from "../../../src/diff/hazards.ts";
import { type PlanOptions, planSteps, type Step } from "../../../src/diff/plan.ts";
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

/** Of each proven step its hazards but locks, and whether they were measured. */
async function proven(a: string, b: string, options: PlanOptions = {}) {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql.raw(a));
  const from = await readLinkedSnapshot(db, { builder: db.server.user });
  const steps = await provePlan(db, from, await snapshotOf(b), options);
  return await Promise.all(steps.map(told));
}

async function told(step: Step) {
  const hazards = (await hazardsOf(step)).filter(({ hazard }) => hazard !== "lock");
  return [
    step.measured !== undefined,
    ...hazards.map(({ hazard, object, effect }) => `${hazard} ${object}: ${effect}`),
  ];
}

const HELD = "; the lock is held meanwhile";

test.each([
  ["varchar(10)", "varchar(20)", "", [true]],
  ["varchar(10)", "text", "create index on t (x)", [true]],
  ["varchar(20)", "varchar(10)", "", [true, `rewrite public.t: the table is written anew${HELD}`]],
  ["int", "bigint", "create index on t (x)", [true, `rewrite public.t: the table is written anew${HELD}`]],
  [
    "varchar(10)",
    "text",
    "alter table t add check (x is not null)",
    [true, `scan public.t: all rows are read${HELD}`],
  ],
  ["inet", "cidr", "", [true, `rewrite public.t: the table is written anew${HELD}`]],
  [
    "text",
    'text collate "C"',
    "create index on t (x)",
    [true, `scan public.t_x_idx: the index is built anew${HELD}`],
  ],
  [
    "timestamp",
    "timestamptz",
    "",
    [false, "unknown column public.t.x: what it does to running work is not known"],
  ],
])("%s to %s: %s", async (from, to, more, expected) => {
  const ddl = (type: string) => `set timezone = 'UTC'; create table t (id int, x ${type}); ${more}`;
  expect(await proven(ddl(from), ddl(to))).toEqual([expected]);
});

test("what a newer server has is told, and what one would do", async () => {
  const partitioned = "create table p (a int) partition by list (a)";
  const attached = `${partitioned}; create table q partition of p for values in (1)`;
  const steps = planSteps(
    await snapshotOf(attached),
    await snapshotOf(`${partitioned}; create table q (a int)`),
  );
  const detach = (step: Step) => step.sql.includes("detach partition");
  const [hazard] = (await hazardsOf(steps.find(detach)!)).filter(({ hazard }) => hazard === "version");
  expect(hazard).toEqual({
    hazard: "version",
    object: "table public.q",
    lock: null,
    effect:
      inject("serverMajor") < 14
        ? "PostgreSQL 14 and later detach it without keeping queries waiting"
        : "needs PostgreSQL 14 or later for DETACH PARTITION CONCURRENTLY",
  });
});

test("a new object needs a version too", async ({ skip }) => {
  if (inject("serverMajor") < 15) skip();
  const steps = planSteps(
    await snapshotOf(""),
    await snapshotOf("create table t (a int unique nulls not distinct)"),
  );
  expect(await Promise.all(steps.map(hazardsOf))).toEqual([
    [
      {
        hazard: "version",
        object: "table public.t",
        lock: null,
        effect: "needs PostgreSQL 15 or later for NULLS NOT DISTINCT",
      },
    ],
  ]);
});

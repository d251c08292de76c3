import { isDeepStrictEqual } from "node:util";
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

test("values that a table made anew has no place for are lost with the old one, and no others", async () => {
  const columns = "id int generated always as identity, at date, sum int, gone text";
  const from = await snapshotOf(`
    create table t (${columns}) partition by range (at);
    create table t_old partition of t for values from (minvalue) to ('2020-01-01')`);
  const to = await snapshotOf("create table t (id int, at date, sum int generated always as (1) stored)");
  const losing = losses(planSteps(from, to)).find(([, lost]) => lost?.length !== 0);
  expect(losing).toEqual([
    "drop table confiture_old_public_t.t",
    expect.toSatisfy((lost: readonly string[]) =>
      isDeepStrictEqual(lost.toSorted(), [
        "column public.t.gone",
        "column public.t.sum",
        "identity public.t.id",
      ]),
    ),
  ]);
});

test("what holds rows of a table's own type keeps that table from being made anew", async () => {
  const user = "create table holder (one t)";
  const from = await snapshotOf(`create table t (a int); ${user}`);
  const to = await snapshotOf(`create table t (a int) partition by list (a); ${user}`);
  expect(() => planSteps(from, to)).toThrow(
    expect.objectContaining({
      code: "DIFFER_404",
      context: { details: { kind: "column", object: "column public.holder.one" } },
    }),
  );
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
  const rest = "create view v as select a from t; create index on t (b); create index i on t (a desc)";
  const from = await snapshotOf(
    "create table t (a int, b int); create view v as select a from t; create index i on t (a)",
  );
  const to = await snapshotOf(`create table t (a bigint, b int); ${rest}`);
  const shared = planSteps(from, to).map(({ sql: text, transaction }) => [
    transaction,
    text.split(" ").slice(0, 3).join(" "),
  ]);
  expect(shared).toEqual([
    ["shared", "drop index public.i"],
    ["shared", "drop view public.v"],
    ["shared", "alter table public.t"],
    ["shared", "create view public.v"],
    ["none", "create index concurrently"],
    ["none", "create index concurrently"],
  ]);
});

test.each([
  [
    "unique index",
    "create table t (id int, a int, b int); create unique index i on t (a, b); alter table t cluster on i",
    "create table t (id int, a int, b int); create unique index i on t (b, a); alter table t cluster on i",
    [
      "create unique index concurrently confiture_new_i ON public.t USING btree (b, a)",
      "alter table public.t cluster on confiture_new_i",
      "drop index concurrently public.i",
      "alter index public.confiture_new_i rename to i",
    ],
  ],
  [
    "primary key",
    "create table t (id int, a int, b int, constraint k primary key (a, b))",
    "create table t (id int, a int, b int, constraint k primary key (b, a) with (fillfactor = 70))",
    [
      "create unique index concurrently confiture_new_k on public.t (b, a)",
      "alter table public.t drop constraint k, add constraint k primary key using index confiture_new_k",
      "alter index public.k set (fillfactor=70)",
    ],
  ],
  [
    "unique constraint",
    "create table t (id int, a int, b int, constraint k unique (a, b))",
    "create table t (id int, a int, b int, constraint k unique (a, b) deferrable initially deferred)",
    [
      "create unique index concurrently confiture_new_k on public.t (a, b)",
      "alter table public.t drop constraint k, add constraint k unique using index confiture_new_k deferrable initially deferred",
    ],
  ],
] as const)("a %s that changes is there at every moment", async (_, before, after, expected) => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql.raw(`${before}; insert into t values (1, 2, 3)`));
  const steps = planSteps(await snapshotOf(before), await snapshotOf(after));
  expect(steps.map((step) => step.sql)).toEqual(expected);
  for (const step of steps) {
    await db.run(sql.raw(step.sql));
    const twice = db.run(
      sql.raw("begin; insert into t values (4, 2, 3); set constraints all immediate; rollback"),
    );
    await expect(twice).rejects.toMatchObject({ context: { details: { sqlstate: "23505" } } });
    await db.run(sql`rollback`);
  }
});

test("an index that an earlier run left half-way is made anew", async () => {
  const to = await snapshotOf("create table t (a int, b int); create index i on t (b)");
  const steps = planSteps(
    await snapshotOf(
      "create table t (a int, b int); create index i on t (a); create index confiture_new_i on t (b)",
    ),
    to,
  );
  expect(steps.map((step) => step.sql.split(" ON ")[0])).toEqual([
    "drop index concurrently public.confiture_new_i",
    "create index concurrently confiture_new_i",
    "drop index concurrently public.i",
    "alter index public.confiture_new_i rename to i",
  ]);
});

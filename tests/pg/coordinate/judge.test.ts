import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Catalog, readCatalog } from "../../../src/coordinate/footprint/catalog.ts";
import { judge } from "../../../src/coordinate/verdict/judge.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import {
  footprintIn,
  independentGroups,
  orderMatters,
  pairsIn,
  type RandomChange,
  runs,
} from "../../support/orders.ts";
import { BASE, randomChange, ROWS } from "../../support/random-changes.ts";

/** Random changes; 5,000 make over 10,000 pairs that the rules call independent. */
const CHANGES = Number(process.env["CONFITURE_TEST_CHANGES"] ?? 1000);
const SEED = Number(process.env["CONFITURE_TEST_SEED"] ?? 1);

let database: TestDatabase;
let db: Connection;
let catalog: Catalog;

beforeAll(async () => {
  database = await testDatabase();
  db = await Connection.open(database.url);
  await db.run(sql.raw(BASE));
  await db.run(sql.raw(ROWS));
  catalog = await readCatalog(db);
});
afterAll(async () => {
  await db[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function randomChanges(): Promise<RandomChange[]> {
  const changes: RandomChange[] = [];
  for (const text of fc.sample(randomChange, { numRuns: CHANGES, seed: SEED }))
    if (await runs(db, text)) changes.push({ text, footprint: await footprintIn(text, catalog) });
  return changes;
}

test("what the rules call independent comes out the same in either order", async () => {
  const groups = independentGroups(await randomChanges(), 40);
  const lax: string[] = [];
  for (const group of groups) {
    if (
      group.length < 2 ||
      (await orderMatters(
        db,
        group.map(({ text }) => text),
      )) === null
    )
      continue;
    lax.push(...(await laxPairs(group)));
    if (lax.length > 10) break;
  }
  expect(lax).toEqual([]);
  expect(pairsIn(groups)).toBeGreaterThan(2 * CHANGES);
}, 900_000);

/** The pairs of a group to blame; all of it when none is by itself. */
async function laxPairs(group: readonly RandomChange[]): Promise<string[]> {
  const found: string[] = [];
  for (const [i, a] of group.entries()) {
    for (const b of group.slice(i + 1)) {
      if (found.length === 10) return found;
      const why = await orderMatters(db, [a.text, b.text]);
      if (why !== null) found.push(`A: ${a.text}\nB: ${b.text}\n${why}`);
    }
  }
  return found.length > 0 ? found : [group.map(({ text }) => text).join("\n---\n")];
}

describe("verdicts", () => {
  test.each([
    ["alter table t add column d int", "alter table t add column e int", "independent", []],
    ["alter table t drop column a", "create view x as select a from t", "conflict", ["column"]],
    ["alter table t add column d int", "alter  table t add d int", "duplicate", ["column"]],
    ["alter table t add column d int", "alter table t add column d text", "conflict", ["column"]],
    ["create index x on t (a)", "create index y on t (b)", "independent", []],
    ["create index on t (b)", "create unique index on t (b)", "conflict", ["index"]],
    ["drop table u cascade", "alter table u add column d int", "conflict", ["table"]],
    [
      "do $$ begin execute 'drop table t'; end $$",
      "alter table t add column d int",
      "opaque",
      ["dependency"],
    ],
  ] as const)("%s | %s", async (a, b, relation, types) => {
    const verdict = judge(await footprintIn(a, catalog), await footprintIn(b, catalog));
    expect([verdict.relation, [...new Set(verdict.clashes.map(({ type }) => type))]]).toEqual([
      relation,
      types,
    ]);
  });
});

test("a lock is that of the table to which the search path of its statement leads", async () => {
  const { statements } = await footprintIn(
    "alter table t add column d int; set search_path = app, public; alter table w add column d int; create table gone (); alter table gone add column d int",
    catalog,
  );
  const locks = statements.flatMap((statement) => statement.locks.map(({ schema, name }) => [schema, name]));
  expect(locks).toEqual([
    ["public", "t"],
    ["app", "w"],
    [null, "gone"],
  ]);
});

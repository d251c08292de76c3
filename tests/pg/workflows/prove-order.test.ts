import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { type Base, openBase } from "../../../src/workflows/coordinate/base.ts";
import { changeOfTexts, onBase } from "../../../src/workflows/coordinate/change.ts";
import { proveOrder } from "../../../src/workflows/coordinate/prove-order.ts";
import { liveSide } from "../../../src/workflows/sides/live-side.ts";
import { silentLog } from "../../../src/base/log.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";

let database: TestDatabase;
let base: Base;

beforeAll(async () => {
  database = await testDatabase();
  {
    await using db = await Connection.open(database.url);
    await db.run(sql.raw("create table t (id int primary key, a int); create table u (id int)"));
  }
  const target = { url: database.url, environment: {}, trackingTable: "none", migrationsDir: "none" };
  base = await openBase(liveSide({ ...target, log: silentLog }), { url: inject("serverUrl") });
});
afterAll(async () => {
  await base[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function proved(a: string, b: string) {
  const [one, other] = [await changeOfTexts([a]), await changeOfTexts([b])];
  const sides = { a: await onBase(one, base.catalog), b: await onBase(other, base.catalog) };
  return await proveOrder(base.scratch, { base: base.database, ...sides });
}

const namesOf = ({ unproven }: Awaited<ReturnType<typeof proved>>) =>
  unproven.map(({ object: { name, part } }) => part?.name ?? name);

describe("rows that the base does not have are not proven", () => {
  test.each([
    ["update t set a = a + 1", "update t set a = a * 2", "order matters", ["t"]],
    ["update t set a = 1", "alter table t add check (a > 1)", "order matters", ["t"]],
    ["insert into u select id from t", "truncate t", "order matters", ["t"]],
    [
      "alter table t alter a type int using a + 1",
      "alter table t alter a type int using -a",
      "conflict",
      ["a"],
    ],
  ])("%s | %s", async (a, b, relation, unproven) => {
    const proof = await proved(a, b);
    expect([proof.relation, namesOf(proof)]).toEqual([relation, unproven]);
    expect([proof.failures, proof.differences, proof.rows_differ]).toEqual([[], [], []]);
  });
});

describe("of code that cannot be looked into, locks tell whose rows it goes through", () => {
  const hidden = (text: string) => `do $$ begin execute '${text}'; end $$`;

  test.each([
    [hidden("update t set a = a + 1"), "update t set a = a * 2", "order matters", ["t"]],
    [hidden("select from t for update"), "alter table t add check (a > 1)", "order matters", ["t"]],
    [hidden("update t set a = 1"), "alter table u add b int", "independent", []],
    [hidden("alter table t add b int"), "alter table t add c int", "independent", []],
    [hidden("alter table t add b int"), hidden("alter table t add c int"), "independent", []],
    [hidden("update t set a = 1"), hidden("alter table u add c int"), "independent", []],
    [hidden("update t set a = 1"), hidden("update t set a = 2"), "order matters", ["t"]],
  ])("%s | %s", async (a, b, relation, unproven) => {
    const proof = await proved(a, b);
    expect([proof.relation, namesOf(proof)]).toEqual([relation, unproven]);
  });

  test("unless it ends its transaction", async () => {
    const commits = "do $$ begin execute 'update t set a = 1'; commit; end $$";
    const proof = await proved(commits, "update t set a = 2");
    expect([proof.relation, proof.unproven]).toMatchObject(["opaque", [{ relation: "opaque" }]]);
  });
});

describe("rows that are there in the end were seen", () => {
  test.each([
    ["insert into t values (1, 1)", "alter table t add check (a > 0)", "independent"],
    ["insert into t values (1, 1)", "insert into t values (2, 2)", "independent"],
    ["insert into t values (1, 1)", "update t set a = a + 1", "order matters"],
  ])("%s | %s", async (a, b, relation) => {
    expect(await proved(a, b)).toMatchObject({ relation, unproven: [] });
  });
});

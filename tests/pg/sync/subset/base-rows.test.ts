import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Connection } from "../../../../src/pg/connection.ts";
import { ident, sql } from "../../../../src/sql/tag.ts";
import type { RowRules } from "../../../../src/sync/rules-file.ts";
import { testDatabase, type TestDatabase } from "../../../support/database.ts";
import { NOW, planOf, rowsOf } from "../../../support/subset.ts";

let database: TestDatabase;
let db: Connection;

beforeAll(async () => {
  database = await testDatabase();
  db = await Connection.open(database.url);
  await db.run(
    sql.raw(`
    create table one (id int primary key, at timestamptz, parent int);
    insert into one select i, '${NOW}'::timestamptz - i * interval '1 hour', i from generate_series(1, 2000) i;
    create table ext (id bigint primary key, extra text);
    insert into ext select i, 'x' from generate_series(1, 2000) i;
    create table pair (a text, "B" int, primary key (a, "B"));
    insert into pair select 'k' || i % 10, i from generate_series(1, 1000) i;
    create table none (a int, none text, p point);
    insert into none select i % 500, nullif('n' || i % 3, 'n2'), point(i % 2, 0) from generate_series(1, 1500) i;
    insert into none values (0, null, '(0,0)')`),
  );
});
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

async function rowsFor(table: string, rules: RowRules): Promise<readonly string[]> {
  const key = ident("public", table);
  return (await rowsOf(db, await planOf(db, { [key]: rules }, (one) => one === key)))[key]!;
}
const idsOf = async (table: string, rules: RowRules) =>
  (await rowsFor(table, rules)).map((row) => Number(row.split("|")[0]));

describe("where", () => {
  test("may name the columns by the table, look into other tables, and ends with its comment", async () => {
    const where = "one.id < 5 and public.one.id in (select id from ext where ext.id > 2) -- and no more";
    expect(await idsOf("one", { where })).toEqual([3, 4]);
  });

  test("null is no", async () => {
    expect(await rowsFor("none", { where: "none <> 'n1'" })).toHaveLength(500);
  });

  test("sees the time that was given", async () => {
    expect(await idsOf("one", { where: "at >= now() - interval '2 hours'" })).toEqual([1, 2]);
  });

  test("what the server does not take is its error", async () => {
    await expect(rowsFor("one", { where: "missing = 1" })).rejects.toMatchObject({ code: "SQL_001" });
  });
});

describe("sample", () => {
  test.each(["one", "pair", "none"])("%s: about as many as asked for, and the same again", async (table) => {
    const all = (await rowsFor(table, { where: "true" })).length;
    const some = await rowsFor(table, { sample: 0.25 });
    expect(some.length).toBeGreaterThan(all * 0.2);
    expect(some.length).toBeLessThan(all * 0.3);
    expect(await rowsFor(table, { sample: 0.25 })).toEqual(some);
    const more = new Set(await rowsFor(table, { sample: 0.5 }));
    expect(some.every((row) => more.has(row))).toBe(true);
  });

  test.each([0.001, 0.0037, 0.07, 0.333, 0.995, 0.9999])("%f of a hundred thousand", async (sample) => {
    await db.run(sql`create table many as select i as id from generate_series(1, 100000) i`);
    const some = await idsOf("many", { sample });
    await db.run(sql`drop table many`);
    const deviation = Math.sqrt(100_000 * sample * (1 - sample));
    expect(Math.abs(some.length - 100_000 * sample)).toBeLessThan(4 * deviation);
  });

  test("the same keys in tables that have the same", async () => {
    expect(await idsOf("ext", { sample: 0.1 })).toEqual(await idsOf("one", { sample: 0.1 }));
  });

  test("all of them is no rule", async () => {
    const plan = await planOf(db, { "public.one": { sample: 1 } });
    expect(plan.get("public.one")).toBeNull();
  });
});

describe("limit", () => {
  test("the first by primary key", async () => {
    expect(await idsOf("one", { limit: 3 })).toEqual([1, 2, 3]);
    expect(await rowsFor("pair", { limit: 3 })).toEqual(["k0|10", "k0|20", "k0|30"]);
  });

  test("by the whole row where there is none, each as often as it is there", async () => {
    const first = ["0|-|(0,0)", "0|-|(0,0)", "0|n0|(0,0)", "0|n1|(0,0)", "1|-|(1,0)"];
    expect(await rowsFor("none", { limit: 1 })).toEqual(first.slice(0, 1));
    expect(await rowsFor("none", { limit: 5 })).toEqual(first);
  });

  test("after where and sample", async () => {
    const sampled = new Set(await idsOf("one", { sample: 0.5 }));
    const expected = Array.from({ length: 2000 }, (_, i) => i + 1).filter(
      (id) => id > 100 && sampled.has(id),
    );
    const found = await idsOf("one", { where: "id > 100", sample: 0.5, limit: 7 });
    expect(found.toSorted((a, b) => a - b)).toEqual(expected.slice(0, 7));
  });
});

test("referenced: only with a rule for rows by themselves is refused", async () => {
  await expect(rowsFor("one", { referenced: "only", limit: 3 })).rejects.toMatchObject({ code: "SYNC_302" });
});

import { expect, test } from "vitest";
import { Connection } from "../../../../src/pg/connection.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { testDatabase } from "../../../support/database.ts";
import { planOf } from "../../../support/subset.ts";

/** Tables of which each refers to several before it; with `ring`, the first refers to the last. */
async function lattice(db: Connection, count: number, rows: number, ring = false): Promise<void> {
  const tables = Array.from({ length: count }, (_, i) => {
    const steps = [1, 2, 3, 5, 8].filter((step) => step <= i);
    const keys = steps.map((step) => `, r${step} int not null references t${i - step}`).join("");
    const values = steps.map(() => ", i").join("");
    return `create table t${i} (id int primary key, next int${keys});
      insert into t${i} select i, null${values} from generate_series(1, ${rows}) i;`;
  });
  await db.run(sql.raw(tables.join("\n")));
  if (ring) await db.run(sql.raw(`alter table t0 add foreign key (next) references t${count - 1}`));
  await db.run(sql`analyze`);
}

const RULES = { "public.t0": { where: "id % 3 <> 0" } };

async function textsFor(count: number, ring: boolean): Promise<string[]> {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await lattice(db, count, 1, ring);
  return [...(await planOf(db, RULES)).values()].map((query) => query!.select(["t.id"]).text);
}

test.each([false, true])("a query grows with the number of tables, no faster (cycle: %s)", async (ring) => {
  const longest = async (count: number) =>
    Math.max(...(await textsFor(count, ring)).map((text) => text.length));
  expect((await longest(48)) / (await longest(24))).toBeLessThan(2.4);
});

test("without cycles nothing is recursive", async () => {
  expect((await textsFor(10, false)).filter((text) => /recursive|row_number/.test(text))).toEqual([]);
  expect((await textsFor(10, true)).filter((text) => !/recursive/.test(text))).toEqual([]);
});

test("the planner does not come to think that hardly a row is left", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await lattice(db, 14, 3000);
  for (const query of (await planOf(db, RULES)).values()) {
    const explained = await db.rows<{ "QUERY PLAN": string }>(sql`explain ${query!.select(["t.id"])}`);
    expect(explained.map((row) => row["QUERY PLAN"]).filter((line) => line.includes("Nested Loop"))).toEqual(
      [],
    );
    expect(await db.rows(query!.select(["t.id"]))).toHaveLength(2000);
  }
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { Connection } from "../../../../src/pg/connection.ts";
import { ident, sql } from "../../../../src/sql/tag.ts";
import { readTables, tableKey } from "../../../../src/sync/catalog.ts";
import type { RowRules } from "../../../../src/sync/rules-file.ts";
import { planSubset, type SubsetQuery } from "../../../../src/sync/subset/plan-subset.ts";
import { testDatabase } from "../../../support/database.ts";
import { expectedRows, type RowNumbers, unresolved } from "../../../support/expected-rows.ts";
import { type RandomTable, randomTables } from "../../../support/random-tables.ts";
import { NOW, planOf } from "../../../support/subset.ts";

async function numbersOf(db: Connection, table: RandomTable, query: SubsetQuery | null | undefined) {
  if (query === null) return new Set(table.rows.map(({ number }) => number));
  const rows = query === undefined ? [] : await db.rows<{ r: number }>(query.select(["t.r"]));
  const numbers = rows.map(({ r }) => r);
  expect(new Set(numbers).size, `rows of ${table.key} come once`).toBe(numbers.length);
  return new Set(numbers);
}

/** What the table's own rule chooses: only the hash of the sample is left to PostgreSQL. */
async function baseOf(db: Connection, table: RandomTable): Promise<ReadonlySet<number>> {
  const { sample, limit, referenced } = table.rules;
  if (referenced === "only") return new Set();
  const [read] = (await readTables(db, [])).filter((one) => tableKey(one) === table.key);
  const sampled = planSubset([read!], [], new Map([[table.key, { sample }]]), { now: NOW });
  const isSampled = await numbersOf(db, table, sampled.get(table.key));
  const order = table.primaryKey.map((name) => ident(name));
  const byText = `row(${table.key}.*)::text collate "C"`;
  const ordered = await db.rows<{ r: number }>(
    sql.raw(`select r from ${table.key} order by ${order.length === 0 ? byText : order.join(", ")}`),
  );
  const left = ordered.map(({ r }) => r).filter((r) => isSampled.has(r) && table.isMeant(table.rows[r]!));
  return new Set(left.slice(0, limit));
}

test("random tables, rows and rules: as the rules mean it, and all foreign keys resolve", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const seen = { whole: 0, partial: 0, cycles: 0, walks: 0, leftOut: 0, added: 0 };
  const check = fc.asyncProperty(randomTables, async ({ tables, ddl }) => {
    await db.run(sql.raw(`drop schema if exists app, public cascade; create schema public; ${ddl}`));
    await db.transaction(
      async () => {
        const base: RowNumbers = await Promise.all(tables.map((table) => baseOf(db, table)));
        const rules: Record<string, RowRules> = Object.fromEntries(
          tables.map(({ key, rules: own }) => [key, own]),
        );
        const plan = await planOf(db, rules, (key) => tables.some((one) => one.key === key && one.isCopied));
        const rows = await Promise.all(tables.map((table) => numbersOf(db, table, plan.get(table.key))));
        const expected = expectedRows(tables, base);
        const named = (numbers: RowNumbers) =>
          tables.map(({ key }, i) => [key, [...numbers[i]!].toSorted((a, b) => a - b)]);
        expect(named(rows)).toEqual(named(expected));
        expect(unresolved(tables, rows)).toEqual([]);
        const texts = [...plan.values()].flatMap((query) => query?.select([]).text ?? []);
        seen.whole += plan.size - texts.length;
        seen.partial += texts.length;
        seen.cycles += texts.filter((text) => text.includes("confiture_cut_")).length;
        seen.walks += texts.filter((text) => text.includes("confiture_walk_")).length;
        expected.forEach((numbers, i) => {
          if (!tables[i]!.isCopied) return;
          seen.leftOut += [...base[i]!].filter((number) => !numbers.has(number)).length;
          seen.added += [...numbers].filter((number) => !base[i]!.has(number)).length;
        });
      },
      sql`isolation level repeatable read read only`,
    );
  });
  await fc.assert(check, { numRuns: 40 });
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});

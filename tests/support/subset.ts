import { Connection } from "../../src/pg/connection.ts";
import { ident, sql } from "../../src/sql/tag.ts";
import { loadParser } from "../../src/sql/parse.ts";
import { readForeignKeys, readTables, tableKey } from "../../src/sync/catalog.ts";
import type { RowRules } from "../../src/sync/rules-file.ts";
import { planSubset, type SubsetQuery } from "../../src/sync/subset/plan-subset.ts";
import { testDatabase } from "./database.ts";

export type RulesByTable = Readonly<Record<string, RowRules>>;

/** The time that conditions see. */
export const NOW = "2024-05-06 07:08:09.123456+00";

/** The plan for the tables of a database whose key `isCopied` holds for. */
export async function planOf(
  db: Connection,
  rules: RulesByTable,
  isCopied: (key: string) => boolean = () => true,
): Promise<Map<string, SubsetQuery | null>> {
  await loadParser();
  const tables = (await readTables(db, [])).filter((table) => isCopied(tableKey(table)));
  return planSubset(tables, await readForeignKeys(db), new Map(Object.entries(rules)), { now: NOW });
}

/** What a plan chooses of each table: rows as text, sorted; null for all of them. */
export async function rowsOf(
  db: Connection,
  plan: ReadonlyMap<string, SubsetQuery | null>,
): Promise<Record<string, string[] | null>> {
  const tables = new Map((await readTables(db, [])).map((table) => [tableKey(table), table]));
  const chosen: Record<string, string[] | null> = {};
  for (const [key, query] of plan) {
    if (query === null) chosen[key] = null;
    else {
      const columns = tables.get(key)!.columns.map(({ name }) => `t.${ident(name)}`);
      const list = `pg_catalog.concat_ws('|', ${columns.map((column) => `coalesce(${column}::text, '-')`).join(", ")})`;
      const rows = await db.rows<{ row: string }>(query.select([`${list} as row`]));
      chosen[key] = rows.map(({ row }) => row).toSorted();
    }
  }
  return chosen;
}

/** The rows that rules choose in a database made by `ddl`, and why; of tables that are not `left`. */
export async function chosen(ddl: string, rules: RulesByTable, left: readonly string[] = []) {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql.raw(ddl));
  return await db.transaction(
    async () => {
      const plan = await planOf(db, rules, (key) => !left.includes(key));
      const reasons = Object.fromEntries(
        [...plan].flatMap(([key, query]) => (query ? [[key, query.reason]] : [])),
      );
      return { rows: await rowsOf(db, plan), reasons };
    },
    sql`isolation level repeatable read read only`,
  );
}

import { loadParser } from "../sql/parse.ts";
import { sql } from "../sql/tag.ts";
import { type ForeignKey, type SyncTable, tableKey } from "./catalog.ts";
import type { RowRules, Rules } from "./rules-file.ts";
import { tableNamed } from "./selection.ts";
import type { Source } from "./source/source.ts";
import { planSubset, type SubsetQuery } from "./subset/plan-subset.ts";

/** What rules say of the rows of the tables. Later rules win, key by key. */
export function rowRulesOf(
  tables: readonly SyncTable[],
  all: readonly SyncTable[],
  rules: readonly Rules[],
): Map<string, RowRules> {
  const keys = new Set(tables.map(tableKey));
  const byTable = new Map<string, RowRules>();
  for (const { table, where, sample, limit, referenced } of rules.flatMap((one) => one.tables)) {
    const given = Object.entries({ where, sample, limit, referenced }).filter(
      ([, value]) => value !== undefined,
    );
    const key = tableKey(tableNamed(table, all));
    if (given.length > 0 && keys.has(key))
      byTable.set(key, { ...byTable.get(key), ...(Object.fromEntries(given) as RowRules) });
  }
  return byTable;
}

/** The tables of which not all rows are copied. Throws SYNC_302 for a rule that cannot be followed. */
export async function subsetsOf(
  { db }: Source,
  tables: readonly SyncTable[],
  foreignKeys: readonly ForeignKey[],
  rules: ReadonlyMap<string, RowRules>,
): Promise<Map<string, SubsetQuery>> {
  if (rules.size === 0) return new Map();
  await loadParser();
  const [clock] = await db.rows<{ now: string }>(sql`select now()::text as now`);
  const planned = planSubset(tables, foreignKeys, rules, { now: clock?.now ?? "" });
  return new Map([...planned].flatMap(([key, query]) => (query === null ? [] : [[key, query] as const])));
}

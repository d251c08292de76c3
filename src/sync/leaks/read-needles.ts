import type { Connection } from "../../pg/connection.ts";
import { ident, sql } from "../../sql/tag.ts";
import { mayGive } from "../column-masker.ts";
import { columnKey } from "../joined-columns.ts";
import type { Treatment } from "../treatment.ts";
import type { Needle } from "./needles.ts";

/** Shorter values are found by chance; so are numbers of fewer digits. */
const MIN_LENGTH = 5;
const MIN_DIGITS = 9;

/** Rows of a table in which values are looked for, for each of those that are wanted. */
const ROWS_PER_VALUE = 20;

/** What of a masked column can be looked for. */
interface ColumnNeedles {
  readonly column: string;
  readonly needles: readonly Needle[];
  /** Values that tell nothing when they are found: too short, or such as the anonymizer gives itself. */
  readonly untold: number;
}

/** Values of each masked column at the source's moment, at most `limit` of it, that can be looked for. */
export async function* readNeedles(
  db: Connection,
  treatments: readonly Treatment[],
  limit: number,
): AsyncIterable<ColumnNeedles> {
  for (const treatment of treatments) {
    const { table, column: of, rule, masked } = treatment;
    const column = columnKey(table, of.name);
    if (rule.anonymizer.isPlain) continue;
    const isPossible = await mayGive(rule, masked);
    const values = await db.rows<{ value: string }>(sql.raw(valuesOf(treatment, limit)));
    const told = values.filter(({ value }) => isTelling(value) && !isPossible(value));
    const needles = told.map(({ value }) => ({ value, column }));
    yield { column, needles, untold: values.length - told.length };
  }
}

/** Whether a value that is found elsewhere is hardly there by chance. */
export const isTelling = (value: string): boolean =>
  value.trim().length >= MIN_LENGTH &&
  (/\p{L}/u.test(value) || (value.match(/\d/g)?.length ?? 0) >= MIN_DIGITS);

/** Elements of arrays and texts inside of JSON are values by themselves. */
function valuesOf({ table, column }: Treatment, limit: number): string {
  const name = ident(column.name);
  const picked = `(select ${name} as c from ${table} where ${name} is not null limit ${limit * ROWS_PER_VALUE}) picked`;
  const distinct = (value: string, from: string) =>
    `select distinct ${value} as value from ${from} limit ${limit}`;
  if (column.isArray) return distinct("e::text", `${picked} cross join unnest(c) e where e is not null`);
  if (!/^jsonb?$/.test(column.baseType)) return distinct("c::text", picked);
  const leaves = `${picked} cross join jsonb_path_query(c::jsonb, 'strict $.**') e where jsonb_typeof(e) = 'string'`;
  return distinct("e #>> '{}'", leaves);
}

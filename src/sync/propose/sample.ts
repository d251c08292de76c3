import type { Connection } from "../../pg/connection.ts";
import { ident, sql } from "../../sql/tag.ts";
import type { Leaf, SyncColumn, SyncTable } from "../catalog.ts";

/** Values of a column that are looked at, and rows from which they are taken. */
const VALUES = 1000;
const ROWS = 10_000;

/** Larger tables are sampled from blocks in all of their heap; the first ones hold the oldest rows. */
const PAGES = 400;
/** Partitions that are looked into. */
const LEAVES = 8;

/** Of one value, but for a document, which is read whole or not at all. */
const CHARACTERS = 2000;
const DOCUMENT_BYTES = 65_536;

/** Some values of a column as text that differ, none of them blank; elements of arrays by themselves. */
export async function sampleValues(db: Connection, table: SyncTable, column: SyncColumn): Promise<string[]> {
  const leaves = spread(table.leaves, LEAVES);
  const values = new Set<string>();
  for (const isSpread of [true, false]) {
    for (const leaf of leaves) {
      if (values.size >= VALUES || (isSpread && leaf.pages <= PAGES)) continue;
      const limit = Math.ceil(VALUES / leaves.length);
      const query = sampleQuery(leaf, column, { isSpread, limit, rows: Math.ceil(ROWS / leaves.length) });
      for (const { value } of await db.rows<{ value: string | null }>(sql.raw(query))) {
        const trimmed = value?.trim() ?? "";
        if (trimmed !== "" && values.size < VALUES) values.add(trimmed);
      }
    }
  }
  return [...values];
}

function sampleQuery(
  { schema, name, pages }: Leaf,
  column: SyncColumn,
  { isSpread, limit, rows }: { readonly isSpread: boolean; readonly limit: number; readonly rows: number },
): string {
  const sampled = isSpread
    ? ` tablesample system (${Math.min(100, (100 * PAGES) / pages)}) repeatable (0)`
    : "";
  const picked = `select ${ident(column.name)} as c from only ${ident(schema, name)}${sampled} limit ${rows}`;
  const elements = column.isArray
    ? `select e as c from (${picked}) p cross join unnest(c) e`
    : `select c from (${picked}) p`;
  return `select ${textOf(column)} as value from (${elements}) p where c is not null limit ${limit}`;
}

const textOf = ({ baseType }: SyncColumn): string =>
  /^jsonb?$/.test(baseType)
    ? `case when pg_column_size(c) <= ${DOCUMENT_BYTES} then c::text end`
    : `left(c::text, ${CHARACTERS})`;

/** At most so many of a list, from all of it. */
const spread = <T>(list: readonly T[], most: number): readonly T[] =>
  list.length <= most
    ? list
    : Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)]!);

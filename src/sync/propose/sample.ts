import type { Connection } from "../../pg/connection.ts";
import { ident, sql } from "../../sql/tag.ts";
import type { Leaf, SyncColumn, SyncTable } from "../catalog.ts";

/** Values of a column that are looked at. */
const VALUES = 1000;
/** Rows of a small table from which they are taken. */
const ROWS = 10_000;

/** Blocks of a large table from which they are taken, in all of its heap: the first ones hold the oldest rows. */
const PAGES = 100;
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
  const share = Math.min(100, (100 * PAGES) / pages);
  const some = isSpread ? `tablesample system (${share}) repeatable (0)` : `limit ${rows}`;
  const picked = `select ${ident(column.name)} as c, ctid as place from only ${ident(schema, name)} ${some}`;
  const elements = column.isArray ? `select e as c, place from (${picked}) p cross join unnest(c) e` : picked;
  const mixed = `select c from (${elements}) p where c is not null order by hashtext(place::text) limit ${limit}`;
  return `select ${textOf(column)} as value from (${mixed}) p`;
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

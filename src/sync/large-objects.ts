import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { ident, type Sql, sql } from "../sql/tag.ts";
import { type SyncTable, tableKey } from "./catalog.ts";
import { ROW } from "./copy/table-copy.ts";
import { columnKey } from "./joined-columns.ts";
import type { SubsetQuery } from "./subset/plan-subset.ts";
import type { Treatment } from "./treatment.ts";

/** Of the type `oid`, on every server. */
const OID = 26;

interface CopiedRows {
  readonly tables: readonly SyncTable[];
  readonly treatments: readonly Treatment[];
  /** Tables of which not all rows are copied. */
  readonly subsets: ReadonlyMap<string, SubsetQuery>;
}

/**
 * Large objects are not copied, so that columns which name some would name none, or others. Throws SYNC_301 for those
 * that are copied as they are; a domain over `oid`, as that of the extension lo, and arrays of both are such columns.
 */
export async function refuseLargeObjects(db: Connection, { tables, treatments, subsets }: CopiedRows) {
  const suspects = treatments.filter(
    ({ column, rule }) => column.baseTypeOid === OID && rule.anonymizer.isPlain,
  );
  if (suspects.length === 0 || !(await isTrue(db, sql`select from pg_catalog.pg_largeobject_metadata`)))
    return;
  const byKey = new Map(tables.map((table) => [tableKey(table), table]));
  const columns: string[] = [];
  for (const { table, column } of suspects) {
    const name = `${ROW}.${ident(column.name)}`;
    const value = column.isArray ? `unnest(${name}::oid[])` : `${name}::oid`;
    const rows = subsets.get(table)?.select([`${value} as id`]) ?? allRows(byKey.get(table)!, value);
    const found = sql`select from (${rows}) named join pg_catalog.pg_largeobject_metadata o on o.oid = named.id`;
    if (await isTrue(db, found)) columns.push(columnKey(table, column.name));
  }
  if (columns.length === 0) return;
  throw new ConfitureError("SYNC_301", `large objects are not copied, and named in ${columns.join(", ")}`, {
    actionable:
      "Give the column the rule `null`, leave out its table with --exclude, or convert the large objects to bytea.",
    details: { columns },
  });
}

const isTrue = async (db: Connection, query: Sql): Promise<boolean> =>
  (await db.rows<{ is: boolean }>(sql`select exists (${query}) as is`))[0]?.is === true;

const allRows = ({ schema, name, isPartitioned }: SyncTable, value: string): Sql =>
  sql.raw(`select ${value} as id from ${isPartitioned ? "" : "only "}${ident(schema, name)} ${ROW}`);

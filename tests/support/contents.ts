import type { Connection } from "../../src/pg/connection.ts";
import { ident, sql } from "../../src/sql/tag.ts";

interface ColumnType {
  readonly name: string;
  readonly type: string;
}

interface TableContents {
  readonly columns: readonly ColumnType[];
  /** Each value as text. */
  readonly rows: readonly Readonly<Record<string, string | null>>[];
}

/** What a database holds besides its schema: rows by table, and how far each sequence has counted. */
export interface Contents {
  readonly tables: ReadonlyMap<string, TableContents>;
  readonly sequences: ReadonlyMap<string, string>;
}

/** Partitioned tables are left out, as their partitions may come and go with their rows; so is what is generated. */
export async function readContents(db: Connection): Promise<Contents> {
  const found = await db.rows<{ schema: string; name: string; columns: ColumnType[] }>(sql`
    select n.nspname as schema, c.relname as name,
      (select coalesce(json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod))
        order by attname), '[]') from pg_attribute
        where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r'
      and n.nspname not in ('pg_catalog', 'information_schema') and not starts_with(n.nspname, 'pg_toast')`);
  const tables = new Map<string, TableContents>();
  for (const { schema, name, columns } of found) {
    const values = columns.map((column) => `${ident(column.name)}::text`).join(", ");
    const rows = await db.rows<Record<string, string | null>>(
      sql`select ${sql.raw(values)} from only ${sql.raw(ident(schema, name))}`,
    );
    tables.set(ident(schema, name), { columns, rows });
  }
  const counts = await db.rows<{ name: string; last: string }>(sql`
    select format('%I.%I', schemaname, sequencename) as name, last_value::text as last from pg_sequences
    where last_value is not null`);
  return { tables, sequences: new Map(counts.map(({ name, last }) => [name, last])) };
}

/**
 * What of `before` a database has lost, of tables, columns and sequences that it still has. A value must be what it
 * was, as its column's type of now prints it; where that cannot be had from the text, it must only be there still.
 */
export async function lossesSince(before: Contents, db: Connection): Promise<string[]> {
  const after = await readContents(db);
  const losses: string[] = [];
  for (const [name, was] of before.tables) {
    const is = after.tables.get(name);
    if (is === undefined) continue;
    if (is.rows.length !== was.rows.length)
      losses.push(`${name}: ${was.rows.length} rows, now ${is.rows.length}`);
    else
      for (const column of is.columns) {
        const isOld = was.columns.some(({ name: old }) => old === column.name);
        if (isOld && !(await sameValues(db, { was, is, column })))
          losses.push(`${name}.${ident(column.name)}: values differ`);
      }
  }
  for (const [name, last] of before.sequences) {
    const now = after.sequences.get(name);
    if ((await hasSequence(db, name)) && now !== last)
      losses.push(`${name}: was at ${last}, now ${now ?? "at its start"}`);
  }
  return losses;
}

interface Pair {
  readonly was: TableContents;
  readonly is: TableContents;
  readonly column: ColumnType;
}

async function sameValues(db: Connection, { was, is, column: { name, type } }: Pair): Promise<boolean> {
  const valuesOf = ({ rows }: TableContents): Values => rows.map((row) => row[name] ?? null);
  const [from, to] = [valuesOf(was), valuesOf(is)];
  const wanted = await printedAs(db, from, type);
  if (wanted !== undefined) return equal(wanted, to);
  return equal(from.map(isThere), to.map(isThere));
}

type Values = readonly (string | null)[];

const isThere = (value: string | null): string => String(value !== null);

const equal = (one: Values, other: Values): boolean => sortedText(one) === sortedText(other);

const sortedText = (values: Values): string =>
  values
    .map((value) => JSON.stringify(value))
    .sort()
    .join();

/** Undefined when the type does not read these texts. */
async function printedAs(db: Connection, values: Values, type: string): Promise<Values | undefined> {
  try {
    const rows = await db.rows<{ value: string | null }>(
      sql`select value::${sql.raw(type)}::text as value from unnest(${[...values]}::text[]) value`,
    );
    return rows.map(({ value }) => value);
  } catch {
    return undefined;
  }
}

async function hasSequence(db: Connection, name: string): Promise<boolean> {
  const [found] = await db.rows<{ there: boolean }>(sql`select to_regclass(${name}) is not null as there`);
  return found?.there === true;
}

import * as z from "zod";
import type { Connection } from "../../pg/connection.ts";
import { firstColumn } from "../../pg/first-column.ts";
import { ident, identSql, type Sql, sql } from "../../sql/tag.ts";

const name = z.string().min(1);
const schema = name.default("public");
const inTable = { table: name, schema };
const count = z.int().min(0);

/** A sort of precondition: its arguments, and what is wrong in a database where it does not hold. */
interface PreconditionType<Fields extends z.ZodType> {
  readonly fields: Fields;
  /** Undefined when it holds. */
  readonly check: (db: Connection, wanted: z.infer<Fields>) => Promise<string | undefined>;
}

const define = <Shape extends z.ZodRawShape>(
  shape: Shape,
  check: (db: Connection, wanted: z.infer<z.ZodObject<Shape, z.core.$strict>>) => Promise<string | undefined>,
): PreconditionType<z.ZodObject<Shape, z.core.$strict>> => ({ fields: z.strictObject(shape), check });

interface InTable {
  readonly table: string;
  readonly schema: string;
}

const tableName = ({ schema, table }: InTable): string => ident(schema, table);

const failUnless = (holds: boolean, message: string): string | undefined => (holds ? undefined : message);

const isThere = async (db: Connection, query: Sql): Promise<boolean> => (await db.rows(query)).length > 0;

/** Ordinary, partitioned and foreign tables; what has columns besides are views. */
const [TABLES, WITH_COLUMNS] = [
  ["r", "p", "f"],
  ["r", "p", "f", "v", "m"],
];

async function relationOid(
  db: Connection,
  { schema, table }: InTable,
  kinds: readonly string[] = TABLES,
): Promise<number | undefined> {
  const [found] = await db.rows<{ oid: number }>(sql`
    select c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relname = ${table} and c.relkind::text = any(${kinds})`);
  return found?.oid;
}

/** What stands in a table, or must not: without the table neither can be said. */
const ofTable =
  <Wanted extends InTable>(
    query: (oid: number, wanted: Wanted) => Sql,
    judge: (isThere: boolean, wanted: Wanted) => string | undefined,
    kinds?: readonly string[],
  ) =>
  async (db: Connection, wanted: Wanted): Promise<string | undefined> => {
    const oid = await relationOid(db, wanted, kinds);
    if (oid === undefined) return `table ${tableName(wanted)} does not exist`;
    return judge(await isThere(db, query(oid, wanted)), wanted);
  };

const existence = (what: string, wanted: boolean) => (exists: boolean) =>
  failUnless(exists === wanted, `${what} ${wanted ? "does not exist" : "exists"}`);

const column = { ...inTable, column: name };
const columnOf = (oid: number, { column }: { readonly column: string }): Sql => sql`
  select from pg_catalog.pg_attribute
  where attrelid = ${oid} and attname = ${column} and attnum > 0 and not attisdropped`;
const columnExistence = (wanted: boolean) =>
  ofTable<InTable & { column: string }>(
    columnOf,
    (exists, at) => existence(`column ${ident(at.schema, at.table, at.column)}`, wanted)(exists),
    WITH_COLUMNS,
  );

const constraint = { ...inTable, constraint: name };
const constraintExistence = (wanted: boolean) =>
  ofTable<InTable & { constraint: string }>(
    (oid, { constraint }) => sql`
      select from pg_catalog.pg_constraint where conrelid = ${oid} and conname = ${constraint}`,
    (exists, at) => existence(`constraint ${ident(at.constraint)} of ${tableName(at)}`, wanted)(exists),
  );

const index = { ...inTable, index: name };
const indexExistence = (wanted: boolean) =>
  ofTable<InTable & { index: string }>(
    (oid, { index }) => sql`
      select from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
      where i.indrelid = ${oid} and c.relname = ${index}`,
    (exists, at) => existence(`index ${ident(at.index)} on ${tableName(at)}`, wanted)(exists),
    [...TABLES, "m"],
  );

const schemaExistence =
  (wanted: boolean) =>
  async (db: Connection, { schema }: { schema: string }) =>
    existence(
      `schema ${ident(schema)}`,
      wanted,
    )(await isThere(db, sql`select from pg_catalog.pg_namespace where nspname = ${schema}`));

const tableExistence = (wanted: boolean) => async (db: Connection, at: InTable) =>
  existence(`table ${tableName(at)}`, wanted)((await relationOid(db, at)) !== undefined);

/** Counts no further than it has to. */
async function rowsUpTo(db: Connection, { schema, table }: InTable, limit: number): Promise<number> {
  const [found] = await db.rows<{ rows: number }>(sql`
    select pg_catalog.count(*) as rows from (select from ${identSql(schema, table)} limit ${limit}) as counted`);
  return found?.rows ?? 0;
}

async function checkColumnType(
  db: Connection,
  wanted: InTable & { column: string; expected_type: string },
): Promise<string | undefined> {
  const oid = await relationOid(db, wanted, WITH_COLUMNS);
  if (oid === undefined) return `table ${tableName(wanted)} does not exist`;
  const at = ident(wanted.schema, wanted.table, wanted.column);
  const [found] = await db.rows<{ type: number; modifier: number; shown: string }>(sql`
    select atttypid as type, atttypmod as modifier, pg_catalog.format_type(atttypid, atttypmod) as shown
    from pg_catalog.pg_attribute
    where attrelid = ${oid} and attname = ${wanted.column} and attnum > 0 and not attisdropped`);
  if (found === undefined) return `column ${at} does not exist`;
  const expected = await readType(db, wanted.expected_type);
  if (expected === undefined) return `there is no type ${wanted.expected_type}`;
  const same = found.type === expected.type && [-1, found.modifier].includes(expected.modifier);
  return failUnless(same, `column ${at} is of type ${found.shown}, not ${wanted.expected_type}`);
}

/** The server's own reading of a type's name, so that aliases and lengths mean what they mean in DDL. */
async function readType(
  db: Connection,
  name: string,
): Promise<{ readonly type: number; readonly modifier: number } | undefined> {
  const [read] = await db.rows<{ type: number | null }>(
    sql`select pg_catalog.to_regtype(${name})::pg_catalog.oid as type`,
  );
  if (typeof read?.type !== "number") return undefined;
  const result = await firstColumn(db, sql.raw(nullOf(name)));
  // A result shows a domain as the type below it, and a domain takes no modifier.
  return { type: read.type, modifier: result.type === read.type ? result.typeModifier : -1 };
}

/** A query without rows whose one column is of the type. */
export const nullOf = (type: string): string => `select null::${type} limit 0`;

/** The one type whose zero the driver gives as text. */
const NUMERIC = 1700;

async function checkQuery(
  db: Connection,
  { sql: text, params, description }: { sql: string; params: unknown[]; description?: string | undefined },
): Promise<string | undefined> {
  const { values, type } = await firstColumn(db, { ...sql.raw(text), values: params });
  const said = description === undefined ? "the query" : `${description}: the query`;
  if (values.length === 0) return `${said} gives no row`;
  const [value] = values;
  const empty = (Array.isArray(value) && value.length === 0) || (type === NUMERIC && Number(value) === 0);
  return failUnless(Boolean(value) && !empty, `${said} gives ${JSON.stringify(value ?? null)}`);
}

/** Every type of precondition, by the word that stands behind `type:`. */
export const PRECONDITION_TYPES = {
  ColumnExists: define(column, columnExistence(true)),
  ColumnNotExists: define(column, columnExistence(false)),
  ColumnType: define({ ...column, expected_type: name }, checkColumnType),
  ConstraintExists: define(constraint, constraintExistence(true)),
  ConstraintNotExists: define(constraint, constraintExistence(false)),
  CustomSQL: define(
    { sql: name, description: z.string().optional(), params: z.array(z.unknown()).default([]) },
    checkQuery,
  ),
  ForeignKeyExists: define(
    { ...column, references_table: name, references_column: name, references_schema: schema },
    ofTable(
      (oid, to) => sql`
        select from pg_catalog.pg_constraint f
        join pg_catalog.pg_class c on c.oid = f.confrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        cross join unnest(f.conkey, f.confkey) as pair (own, other)
        join pg_catalog.pg_attribute a on a.attrelid = f.conrelid and a.attnum = pair.own
        join pg_catalog.pg_attribute b on b.attrelid = f.confrelid and b.attnum = pair.other
        where f.contype = 'f' and f.conrelid = ${oid} and a.attname = ${to.column} and b.attname = ${to.references_column}
          and n.nspname = ${to.references_schema} and c.relname = ${to.references_table}`,
      (exists, to) =>
        existence(
          `a foreign key from ${ident(to.schema, to.table, to.column)} to ` +
            ident(to.references_schema, to.references_table, to.references_column),
          true,
        )(exists),
    ),
  ),
  IndexExists: define(index, indexExistence(true)),
  IndexNotExists: define(index, indexExistence(false)),
  RowCountEquals: define({ ...inTable, expected_count: count }, async (db, at) => {
    const rows = await rowsUpTo(db, at, at.expected_count + 1);
    const found = rows > at.expected_count ? `more than ${at.expected_count}` : rows;
    return failUnless(
      rows === at.expected_count,
      `table ${tableName(at)} has ${found} rows, not ${at.expected_count}`,
    );
  }),
  RowCountGreaterThan: define({ ...inTable, min_count: count }, async (db, at) => {
    const rows = await rowsUpTo(db, at, at.min_count + 1);
    return failUnless(
      rows > at.min_count,
      `table ${tableName(at)} has ${rows} rows, not more than ${at.min_count}`,
    );
  }),
  SchemaExists: define({ schema: name }, schemaExistence(true)),
  SchemaNotExists: define({ schema: name }, schemaExistence(false)),
  TableExists: define(inTable, tableExistence(true)),
  TableIsEmpty: define(inTable, async (db, at) =>
    failUnless((await rowsUpTo(db, at, 1)) === 0, `table ${tableName(at)} has rows`),
  ),
  TableNotExists: define(inTable, tableExistence(false)),
};

type Types = typeof PRECONDITION_TYPES;

/** One condition, with the defaults of its type filled in. */
export type Precondition = {
  [Type in keyof Types]: { readonly type: Type } & z.infer<Types[Type]["fields"]>;
}[keyof Types];

/** One condition as a sidecar or a module writes it. */
export type PreconditionInput = {
  [Type in keyof Types]: { readonly type: Type } & z.input<Types[Type]["fields"]>;
}[keyof Types];

import type { Connection } from "../pg/connection.ts";
import { isNode, type Node, nodesOfKind, optionsOf, textOf } from "../sql/node.ts";
import type { Statement } from "../sql/script.ts";
import { ident, identSql, sql } from "../sql/tag.ts";

/** An index that stands where a CREATE INDEX CONCURRENTLY would put one. */
interface FoundIndex {
  readonly schema: string;
  readonly name: string;
  readonly valid: boolean;
}

/** The tree of a CREATE INDEX CONCURRENTLY; undefined for any other statement. */
export function concurrentIndex({ kind, node }: Statement): Node | undefined {
  return kind === "IndexStmt" && (node as Node)["concurrent"] === true ? (node as Node) : undefined;
}

/**
 * Whether a statement works on indexes concurrently. While it waits it stops nobody, and when it gives up it leaves
 * an INVALID index behind, so that it is given all the time it needs.
 */
export function isPatient({ kind, node }: Statement): boolean {
  const { concurrent, params } = node as Node;
  if (kind === "ReindexStmt") return optionsOf(params).has("concurrently");
  return concurrent === true && (kind === "IndexStmt" || kind === "DropStmt");
}

/**
 * Make room for a CREATE INDEX CONCURRENTLY: one that failed leaves its index behind INVALID, in the way of the next
 * try and, under IF NOT EXISTS, taken for the index itself. Drops it; true when a valid index is there already.
 */
export async function clearInvalidIndex(db: Connection, index: Node): Promise<boolean> {
  let found = await indexesLike(db, index);
  if (found.some(({ valid }) => !valid)) {
    await waitForBuilders(db, index);
    found = await indexesLike(db, index);
  }
  for (const { schema, name, valid } of found) {
    if (!valid) await db.run(sql`drop index concurrently if exists ${identSql(schema, name)}`);
  }
  return found.some(({ valid }) => valid);
}

/**
 * Wait until nobody builds an index on the table any more: the server goes on building for a client that is gone.
 * The lock is the one that building takes; it keeps neither readers nor writers out.
 */
async function waitForBuilders(db: Connection, index: Node): Promise<void> {
  const table = tableName(index);
  if (table === undefined || !(await exists(db, table))) return;
  await db.transaction(async () => {
    await db.run(sql`lock table ${sql.raw(table)} in share update exclusive mode`);
  });
}

const exists = async (db: Connection, table: string): Promise<boolean> =>
  (await db.rows(sql`select where to_regclass(${table}) is not null`)).length > 0;

function tableName(index: Node): string | undefined {
  const relation = index["relation"];
  if (!isNode(relation)) return undefined;
  const parts = [textOf(relation["schemaname"]), textOf(relation["relname"])];
  return ident(...parts.filter((part) => part !== undefined));
}

/** By name; an index without a name is told by its table, columns and whether it is unique or partial. */
async function indexesLike(db: Connection, index: Node): Promise<FoundIndex[]> {
  const table = tableName(index);
  if (table === undefined) return [];
  const rows = await db.rows<FoundIndex & Shape>(sql`
    select n.nspname as schema, c.relname as name, i.indisvalid as valid, i.indisunique as unique,
      i.indpred is not null as partial, am.amname as method,
      i.indnkeyatts = i.indnatts and i.indpred is null and i.indexprs is null and 0 = all (i.indoption)
        and not exists (
          select from unnest(i.indkey, i.indclass, i.indcollation) as k (attnum, opclass, coll)
          join pg_catalog.pg_opclass o on o.oid = k.opclass
          join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
          where not o.opcdefault or k.coll <> a.attcollation) as plain,
      array(select coalesce(a.attname, '') from unnest(i.indkey) with ordinality k (attnum, position)
            left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum and k.attnum > 0
            where k.position <= i.indnkeyatts order by k.position)::text[] as columns
    from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace join pg_catalog.pg_am am on am.oid = c.relam
    where c.relkind = 'i' and i.indrelid = to_regclass(${table})`);
  const name = textOf(index["idxname"]);
  if (name !== undefined) return rows.filter((row) => row.name === name);
  const wanted = shapeOf(index);
  // Beyond plain columns two indexes can look alike and differ, so that a valid one is not taken for the wanted one.
  const isSure = (row: FoundIndex & Shape) => !row.valid || (row.plain && wanted.plain);
  return rows.filter((row) => isAlike(row, wanted) && isSure(row));
}

/** What is compared of an index that has no name. */
interface Shape {
  /** Of expressions empty. */
  readonly columns: readonly string[];
  readonly method: string;
  readonly unique: boolean;
  readonly partial: boolean;
  /** Nothing but columns, each as the access method takes it by itself. */
  readonly plain: boolean;
}

function shapeOf(index: Node): Shape {
  const params = nodesOfKind(index["indexParams"], "IndexElem");
  const partial = index["whereClause"] !== undefined;
  return {
    columns: params.map((param) => textOf(param["name"]) ?? ""),
    method: textOf(index["accessMethod"]) ?? "btree",
    unique: index["unique"] === true,
    partial,
    plain: !partial && index["indexIncludingParams"] === undefined && params.every(isPlain),
  };
}

const isPlain = (param: Node): boolean =>
  textOf(param["name"]) !== undefined &&
  param["collation"] === undefined &&
  param["opclass"] === undefined &&
  param["ordering"] === "SORTBY_DEFAULT" &&
  param["nulls_ordering"] === "SORTBY_NULLS_DEFAULT";

const isAlike = (a: Shape, b: Shape): boolean =>
  a.columns.join("\0") === b.columns.join("\0") &&
  a.method === b.method &&
  a.unique === b.unique &&
  a.partial === b.partial;

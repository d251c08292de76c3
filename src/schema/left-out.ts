import type { Connection } from "../pg/connection.ts";
import { type Sql, sql } from "../sql/tag.ts";
import { userSchema } from "./scope.ts";

/** What a server brings itself; `n` is pg_namespace. */
const systemSchema = sql.raw(`n.nspname in ('pg_catalog', 'information_schema')`);

const FIRST_NORMAL_OID = 16384;

const describe = (catalog: string, oid: string): string =>
  `pg_describe_object('${catalog}'::regclass, ${oid}, 0)`;

/** Indexes of partitions as they are, which a partitioned one makes by names and with parameters of its own. */
const attachedIndexes: Sql = sql.raw(`
  select 'attached to ' || h.inhparent::regclass || ': ' || pg_get_indexdef(c.oid) as line
  from pg_inherits h join pg_class c on c.oid = h.inhrelid join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('i', 'I') and ${userSchema.text}`);

const tablespaces: Sql = sql.raw(`
  select 'tablespace ' || s.spcname || ' of ' || ${describe("pg_class", "c.oid")} as line
  from pg_class c join pg_tablespace s on s.oid = c.reltablespace join pg_namespace n on n.oid = c.relnamespace
  where ${userSchema.text}`);

/** Made where only PostgreSQL's own things are. */
const amongSystemObjects: Sql = sql.raw(
  [
    ["pg_class", "o.relkind in ('r', 'p', 'v', 'm', 'S', 'f')", "relnamespace"],
    ["pg_proc", "true", "pronamespace"],
    ["pg_type", "o.typtype in ('e', 'd', 'r')", "typnamespace"],
  ]
    .map(
      ([catalog, which, schema]) => `
        select ${describe(catalog!, "o.oid")} || ' in ' || n.nspname as line
        from ${catalog} o join pg_namespace n on n.oid = o.${schema}
        where o.oid >= ${FIRST_NORMAL_OID} and ${which} and ${systemSchema.text} and not exists (
          select from pg_depend d where (d.classid, d.objid, d.deptype) = ('${catalog}'::regclass, o.oid, 'e'))`,
    )
    .join(" union all "),
);

/**
 * What a database has and no kind reads, one line for each, for people and to be compared with another database's.
 * Inside the transaction that is open, or in one of its own; reads only.
 */
export async function readLeftOut(db: Connection): Promise<string[]> {
  const queries = [attachedIndexes, tablespaces, amongSystemObjects];
  const read = async () => {
    await db.run(sql`set local search_path = ''`);
    const rows: { line: string }[] = [];
    for (const query of queries) rows.push(...(await db.rows<{ line: string }>(query)));
    return rows.map(({ line }) => line).toSorted();
  };
  return await db.transaction(read, sql`isolation level repeatable read read only`);
}

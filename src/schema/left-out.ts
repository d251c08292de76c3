import type { Connection } from "../pg/connection.ts";
import { type Sql, sql } from "../sql/tag.ts";
import { userSchema } from "./scope.ts";

/** What a server brings itself; `n` is pg_namespace. */
const systemSchema = sql.raw(`n.nspname in ('pg_catalog', 'information_schema')`);

const FIRST_NORMAL_OID = 16384;

const describe = (catalog: string, oid: string): string =>
  `pg_describe_object('${catalog}'::regclass, ${oid}, 0)`;

/** On the views of information_schema, of which the catalogs do not say with what they came. */
const privileges: Sql = sql.raw(`
  select concat('privileges on ', ${describe("pg_class", "c.oid")}, ': ', coalesce(nullif(array_to_string(array(
    select concat(lower(x.privilege_type), case when x.is_grantable then ' with grant option' end, ' to ',
      case x.grantee when 0 then 'public' else pg_get_userbyid(x.grantee) end)
    from aclexplode(c.relacl) x where x.grantee <> c.relowner order by 1), ', '), ''), 'none')) as line
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'information_schema' and c.relkind in ('r', 'v')`);

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
export async function readLeftOut(db: Connection, withPrivileges: boolean): Promise<string[]> {
  const queries = [attachedIndexes, tablespaces, amongSystemObjects, ...(withPrivileges ? [privileges] : [])];
  const read = async () => {
    await db.run(sql`set local search_path = ''`);
    const rows: { line: string }[] = [];
    for (const query of queries) rows.push(...(await db.rows<{ line: string }>(query)));
    return rows.map(({ line }) => line).toSorted();
  };
  return await db.transaction(read, sql`isolation level repeatable read read only`);
}

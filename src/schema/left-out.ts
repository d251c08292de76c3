import type { Connection } from "../pg/connection.ts";
import { type Sql, sql } from "../sql/tag.ts";
import { userSchema } from "./scope.ts";

/** What a server brings itself; `n` is pg_namespace. */
const systemSchema = sql.raw(`n.nspname in ('pg_catalog', 'information_schema')`);

const FIRST_NORMAL_OID = 16384;

const describe = (catalog: string, oid: string, sub = "0"): string =>
  `pg_describe_object('${catalog}'::regclass, ${oid}, ${sub})`;

/** Objects with privileges: the letter of acldefault, and where their owner, privileges and schema stand. */
const PRIVILEGED = [
  [
    "pg_class",
    `case o.relkind when 'S' then 's' else 'r' end::"char"`,
    "relowner",
    "relacl",
    "o.relnamespace",
  ],
  ["pg_namespace", "'n'", "nspowner", "nspacl", "o.oid"],
  ["pg_proc", "'f'", "proowner", "proacl", "o.pronamespace"],
  ["pg_type", "'T'", "typowner", "typacl", "o.typnamespace"],
] as const;

const sorted = (acl: string): string =>
  `array(select (x.grantee, x.privilege_type, x.is_grantable)::text from aclexplode(${acl}) x order by 1)`;

/** Privileges that are not those which PostgreSQL or an extension came with. */
const privileges: Sql = sql.raw(`
  with privileged (catalog, oid, sub, acl, usual, schema) as (
    ${PRIVILEGED.map(
      ([catalog, letter, owner, acl, schema]) => `
        select '${catalog}'::regclass::oid, o.oid, 0, o.${acl}, acldefault(${letter}, o.${owner}), ${schema}
        from ${catalog} o union all `,
    ).join("")}
    select 'pg_class'::regclass::oid, a.attrelid, a.attnum::int, a.attacl, acldefault('c', c.relowner), c.relnamespace
    from pg_attribute a join pg_class c on c.oid = a.attrelid where not a.attisdropped)
  select 'privileges on ' || pg_describe_object(o.catalog, o.oid, o.sub) as line
  from privileged o join pg_namespace n on n.oid = o.schema
    left join pg_init_privs i on (i.classoid, i.objoid, i.objsubid) = (o.catalog, o.oid, o.sub)
  where o.acl is distinct from i.initprivs
    and ${sorted("coalesce(o.acl, o.usual)")} <> ${sorted("coalesce(i.initprivs, o.usual)")}
    and (${systemSchema.text} or exists (select from pg_depend d
      where (d.classid, d.objid, d.deptype) = (o.catalog, o.oid, 'e')))`);

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

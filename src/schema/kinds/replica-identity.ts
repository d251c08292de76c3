import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  table: z.string(),
  is: z.enum(["nothing", "full", "index"]),
  index: z.string().nullable(),
  /** Of the index; none may be null as long as it is used. */
  columns: z.array(z.string()),
});
type ReplicaIdentity = z.infer<typeof row>;

const set = (r: ReplicaIdentity): string => {
  const identity = r.index === null ? r.is : `using index ${ident(r.index)}`;
  return `alter table ${ident(r.schema, r.table)} replica identity ${identity}`;
};

/** Where it is not the primary key. An index that is gone leaves nothing. */
export const replicaIdentity: Kind<ReplicaIdentity> = defineKind({
  name: "replica-identity",
  catalog: "pg_class",
  key: ["schema", "table"],
  label: (r) => ident(r.schema, r.table),
  row,
  query: () => sql`
    select null::oid as oid, c.oid as of_oid, n.nspname as schema, c.relname as table, x.index, coalesce(x.columns, '{}') as columns,
      case when c.relreplident = 'f' then 'full' when x.index is null then 'nothing' else 'index' end as is
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      left join lateral (
        select ic.relname as index, array(select a.attname from pg_attribute a
            where a.attrelid = c.oid and a.attnum = any (i.indkey) order by 1) as columns
        from pg_index i join pg_class ic on ic.oid = i.indexrelid
        where c.relreplident = 'i' and i.indrelid = c.oid and i.indisreplident) x on true
    where c.relkind in ('r', 'p') and c.relreplident <> 'd' and ${userSchema} and ${standsAlone("pg_class", "c")}`,
  within: (r) => r.of,
  same: { columns: () => true },
  needs: (r) => r.columns.map((column) => `not-null ${ident(r.schema, r.table, column)}`),
  needsNamed: (r) => (r.index === null ? [] : [ident(r.schema, r.index)]),
  create: set,
  drop: (r) => `alter table ${ident(r.schema, r.table)} replica identity default`,
  alter: { is: set, index: set },
  carried: true,
});

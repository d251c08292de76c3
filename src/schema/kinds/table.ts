import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  unlogged: z.boolean(),
  /** Strategy and key of a partitioned table, e.g. `RANGE (placed_at)`. */
  partition_by: z.string().nullable(),
  /** Parents in their order; of a partition, the partitioned table. */
  inherits: z.array(z.string()),
  /** Bounds of a partition, e.g. `FOR VALUES IN ('a')`. */
  partition_bound: z.string().nullable(),
  /** A DETACH CONCURRENTLY that was not finished (since PostgreSQL 14). */
  detach_pending: z.boolean(),
  /** Composite type of a typed table. */
  of_type: z.string().nullable(),
  access_method: z.string().nullable(),
  /** Storage parameters, those of the TOAST table prefixed `toast.`. */
  options: z.array(z.string()),
  replica_identity: z.string(),
  /** Index named by CLUSTER ON. */
  clustered_on: z.string().nullable(),
  row_security: z.boolean(),
  force_row_security: z.boolean(),
});
type Table = z.infer<typeof row>;

/** Partitioned tables and partitions too; tablespaces are ignored. */
export const table: Kind<Table> = defineKind({
  name: "table",
  catalog: "pg_class",
  key: ["schema", "name"],
  label: (t) => ident(t.schema, t.name),
  drift: { counted: "tables" },
  row,
  query: (server) => sql`
    select c.oid, n.nspname as schema, c.relname as name, c.relpersistence = 'u' as unlogged,
      case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as partition_by,
      array(select h.inhparent::regclass::text from pg_inherits h where h.inhrelid = c.oid order by h.inhseqno)
        as inherits,
      pg_get_expr(c.relpartbound, c.oid) as partition_bound,
      ${
        server.major >= 14
          ? sql`exists (select from pg_inherits h where h.inhrelid = c.oid and h.inhdetachpending)`
          : sql`false`
      } as detach_pending,
      nullif(c.reloftype, 0)::regtype::text as of_type, am.amname as access_method,
      array(select unnest(c.reloptions) union all select 'toast.' || unnest(toast.reloptions) order by 1) as options,
      case c.relreplident when 'd' then 'default' when 'n' then 'nothing' when 'f' then 'full'
        else coalesce('index ' || (select quote_ident(ic.relname) from pg_index i
          join pg_class ic on ic.oid = i.indexrelid where i.indrelid = c.oid and i.indisreplident), 'nothing')
      end as replica_identity,
      (select quote_ident(ic.relname) from pg_index i join pg_class ic on ic.oid = i.indexrelid
        where i.indrelid = c.oid and i.indisclustered) as clustered_on,
      c.relrowsecurity as row_security, c.relforcerowsecurity as force_row_security
    from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_am am on am.oid = c.relam
      left join pg_class toast on toast.oid = c.reltoastrelid and toast.reloptions is not null
    where c.relkind in ('r', 'p') and ${userSchema} and ${standsAlone("pg_class", "c")}`,
});

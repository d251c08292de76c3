import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { userSchema } from "../scope.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  table: z.string(),
  name: z.string(),
  /** What the column of the child has instead of what its parent's has. */
  overrides: z.record(z.string(), z.string().nullable()),
});
type ColumnOverride = z.infer<typeof row>;

/** Where the inherited column of a child table or partition differs from its parent's. */
export const columnOverride: Kind<ColumnOverride> = defineKind({
  name: "column-override",
  catalog: "pg_class",
  key: ["schema", "table", "name"],
  label: (a) => ident(a.schema, a.table, a.name),
  row,
  query: (server) => sql`
    select null::oid as oid, a.attrelid as of_oid,
      n.nspname as schema, c.relname as table, a.attname as name, o.overrides
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      cross join lateral (
        select pa.* from pg_inherits h join pg_attribute pa on pa.attrelid = h.inhparent and pa.attname = a.attname
        where h.inhrelid = a.attrelid order by h.inhseqno limit 1) p
      left join pg_attrdef ad on ad.adrelid = a.attrelid and ad.adnum = a.attnum
      left join pg_attrdef pd on pd.adrelid = p.attrelid and pd.adnum = p.attnum
      cross join lateral (
        select jsonb_object_agg(v.attribute, v.own) as overrides
        from (values
          ('default', pg_get_expr(ad.adbin, ad.adrelid), pg_get_expr(pd.adbin, pd.adrelid)),
          ('not_null', a.attnotnull::text, p.attnotnull::text),
          ('storage', a.attstorage::text, p.attstorage::text),
          ${server.major < 14 ? sql`` : sql`('compression', a.attcompression::text, p.attcompression::text),`}
          ('statistics', nullif(a.attstattarget, -1)::text, nullif(p.attstattarget, -1)::text),
          ('options', a.attoptions::text, p.attoptions::text)) as v (attribute, own, parent)
        where v.own is distinct from v.parent) o
    where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
      and a.attinhcount > 0 and not a.attislocal and o.overrides is not null and ${userSchema}`,
  within: (a) => a.of,
});

import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  definition: z.string(),
  access_method: z.string().nullable(),
  options: z.array(z.string()),
  /** Index named by CLUSTER ON. */
  clustered_on: z.string().nullable(),
  /** Storage and statistics targets of columns that have their own, as `name storage statistics`. */
  column_settings: z.array(z.string()),
});
type MaterializedView = z.infer<typeof row>;

/** Whether it holds rows is not schema. */
export const materializedView: Kind<MaterializedView> = defineKind({
  name: "materialized-view",
  catalog: "pg_class",
  key: ["schema", "name"],
  label: (v) => ident(v.schema, v.name),
  row,
  query: () => sql`
    select c.oid, n.nspname as schema, c.relname as name, pg_get_viewdef(c.oid) as definition,
      am.amname as access_method,
      array(select unnest(c.reloptions) union all select 'toast.' || unnest(toast.reloptions) order by 1) as options,
      (select quote_ident(ic.relname) from pg_index i join pg_class ic on ic.oid = i.indexrelid
        where i.indrelid = c.oid and i.indisclustered) as clustered_on,
      array(select concat_ws(' ', quote_ident(a.attname), nullif(a.attstorage, t.typstorage),
          nullif(a.attstattarget, -1))
        from pg_attribute a join pg_type t on t.oid = a.atttypid
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          and (a.attstorage <> t.typstorage or a.attstattarget >= 0) order by a.attnum) as column_settings
    from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_am am on am.oid = c.relam
      left join pg_class toast on toast.oid = c.reltoastrelid and toast.reloptions is not null
    where c.relkind = 'm' and ${userSchema} and ${standsAlone("pg_class", "c")}`,
});

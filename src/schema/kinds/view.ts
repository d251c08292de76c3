import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  definition: z.string(),
  /** security_barrier, security_invoker and check_option, as `name=value`. */
  options: z.array(z.string()),
  /** Column defaults given to the view itself. */
  defaults: z.record(z.string(), z.string()).nullable(),
});
type View = z.infer<typeof row>;

export const view: Kind<View> = defineKind({
  name: "view",
  catalog: "pg_class",
  key: ["schema", "name"],
  label: (v) => ident(v.schema, v.name),
  row,
  query: () => sql`
    select c.oid, n.nspname as schema, c.relname as name, pg_get_viewdef(c.oid) as definition,
      array(select unnest(c.reloptions) order by 1) as options,
      (select jsonb_object_agg(a.attname, pg_get_expr(d.adbin, d.adrelid))
        from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
        where d.adrelid = c.oid) as defaults
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'v' and ${userSchema} and ${standsAlone("pg_class", "c")}`,
});

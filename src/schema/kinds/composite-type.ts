import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  /** `name type [collate collation]`, in their order, which stored rows depend on. */
  attributes: z.array(z.string()),
});
type CompositeType = z.infer<typeof row>;

export const compositeType: Kind<CompositeType> = defineKind({
  name: "composite-type",
  catalog: "pg_type",
  key: ["schema", "name"],
  label: (t) => ident(t.schema, t.name),
  row,
  query: () => sql`
    select t.oid, n.nspname as schema, t.typname as name,
      array(select concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
          case when a.attcollation <> at.typcollation then 'collate ' || a.attcollation::regcollation::text end)
        from pg_attribute a join pg_type at on at.oid = a.atttypid
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as attributes
    from pg_type t join pg_namespace n on n.oid = t.typnamespace join pg_class c on c.oid = t.typrelid
    where c.relkind = 'c' and ${userSchema} and ${standsAlone("pg_type", "t")}`,
});

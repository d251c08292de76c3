import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  type: z.string(),
  /** Only when it is not the base type's. */
  collation: z.string().nullable(),
  not_null: z.boolean(),
  default: z.string().nullable(),
});
type Domain = z.infer<typeof row>;

export const domain: Kind<Domain> = defineKind({
  name: "domain",
  catalog: "pg_type",
  key: ["schema", "name"],
  label: (t) => ident(t.schema, t.name),
  row,
  query: () => sql`
    select t.oid, n.nspname as schema, t.typname as name, format_type(t.typbasetype, t.typtypmod) as type,
      case when t.typcollation <> base.typcollation then t.typcollation::regcollation::text end as collation,
      t.typnotnull as not_null, pg_get_expr(t.typdefaultbin, 0) as default
    from pg_type t join pg_namespace n on n.oid = t.typnamespace join pg_type base on base.oid = t.typbasetype
    where t.typtype = 'd' and ${userSchema} and ${standsAlone("pg_type", "t")}`,
});

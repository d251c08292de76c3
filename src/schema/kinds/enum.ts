import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  /** In their sort order. */
  labels: z.array(z.string()),
});
type Enum = z.infer<typeof row>;

export const enumType: Kind<Enum> = defineKind({
  name: "enum",
  catalog: "pg_type",
  key: ["schema", "name"],
  label: (t) => ident(t.schema, t.name),
  row,
  query: () => sql`
    select t.oid, n.nspname as schema, t.typname as name,
      array(select e.enumlabel::text from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder) as labels
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where t.typtype = 'e' and ${userSchema} and ${standsAlone("pg_type", "t")}`,
});

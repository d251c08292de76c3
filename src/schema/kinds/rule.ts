import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { userSchema } from "../scope.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  table: z.string(),
  name: z.string(),
  definition: z.string(),
  enabled: z.enum(["origin", "disabled", "replica", "always"]),
});
type Rule = z.infer<typeof row>;

/** The rule that makes a view a view is the view's definition. */
export const rule: Kind<Rule> = defineKind({
  name: "rule",
  catalog: "pg_rewrite",
  key: ["schema", "table", "name"],
  label: (r) => ident(r.schema, r.table, r.name),
  row,
  query: () => sql`
    select r.oid, r.ev_class as of_oid,
      n.nspname as schema, c.relname as table, r.rulename as name, pg_get_ruledef(r.oid) as definition,
      case r.ev_enabled when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always'
        else 'origin' end as enabled
    from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
    where r.rulename <> '_RETURN' and ${userSchema}`,
  within: (r) => r.of,
});

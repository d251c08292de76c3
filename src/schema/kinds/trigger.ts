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
type Trigger = z.infer<typeof row>;

/** Constraint triggers too. A partition's clone counts only where it was enabled or disabled on its own. */
export const trigger: Kind<Trigger> = defineKind({
  name: "trigger",
  catalog: "pg_trigger",
  key: ["schema", "table", "name"],
  label: (t) => ident(t.schema, t.table, t.name),
  row,
  query: () => sql`
    select t.oid, t.tgrelid as of_oid,
      n.nspname as schema, c.relname as table, t.tgname as name, pg_get_triggerdef(t.oid) as definition,
      case t.tgenabled when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always'
        else 'origin' end as enabled
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
      left join pg_trigger parent on parent.oid = t.tgparentid
    where ${userSchema} and case when t.tgparentid = 0 then not t.tgisinternal
      else t.tgenabled <> parent.tgenabled and not parent.tgisinternal end`,
  within: (t) => t.of,
});

import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { ENABLING, enabledIn, enabledState } from "../enabled.ts";
import { defineKind, type Kind } from "../kind.ts";
import { userSchema } from "../scope.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  table: z.string(),
  name: z.string(),
  definition: z.string(),
  enabled: enabledState,
});
type Rule = z.infer<typeof row>;

const address = (r: Rule) => `rule ${ident(r.name)} on ${ident(r.schema, r.table)}`;

/** Of tables only: PostgreSQL disables no rule of a view. */
const enable = (r: Rule) =>
  `alter table ${ident(r.schema, r.table)} ${ENABLING[r.enabled]} rule ${ident(r.name)}`;

/** The rule that makes a view a view is the view's definition. */
export const rule: Kind<Rule> = defineKind({
  name: "rule",
  folder: "rules",
  catalog: "pg_rewrite",
  key: ["schema", "table", "name"],
  label: (r) => ident(r.schema, r.table, r.name),
  row,
  query: () => sql`
    select r.oid, r.ev_class as of_oid,
      n.nspname as schema, c.relname as table, r.rulename as name,
      rtrim(pg_get_ruledef(r.oid), ';') as definition, ${enabledIn("r.ev_enabled")} as enabled
    from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
    where r.rulename <> '_RETURN' and ${userSchema}`,
  within: (r) => r.of,
  address,
  create: (r) => (r.enabled === "origin" ? r.definition : [r.definition, enable(r)]),
  drop: (r) => `drop ${address(r)}`,
  rename: (r, name) => `alter ${address(r)} rename to ${ident(name)}`,
  alter: {
    definition: (to) => to.definition.replace("CREATE RULE", "create or replace rule"),
    enabled: enable,
  },
});

import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { ENABLING, enabledIn, enabledState } from "../enabled.ts";
import { dependOn, extensionsOf } from "../extension-dependency.ts";
import { defineKind, type Kind } from "../kind.ts";
import { userSchema } from "../scope.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  table: z.string(),
  name: z.string(),
  /** Null of a partition's clone, which is made with the parent's trigger. */
  definition: z.string().nullable(),
  enabled: enabledState,
  /** Of a clone: what it is while nothing else was said. */
  parent_enabled: enabledState.nullable(),
  /** Extensions that take it with them. */
  depends_on: z.array(z.string()),
});
type Trigger = z.infer<typeof row>;

const address = (t: Trigger) => `trigger ${ident(t.name)} on ${ident(t.schema, t.table)}`;

const enable = (t: Trigger, state = t.enabled) =>
  `alter table ${ident(t.schema, t.table)} ${ENABLING[state]} trigger ${ident(t.name)}`;

/** Whatever stands behind the definition: a trigger that is replaced forgets it. */
const settings = (t: Trigger) => [
  ...(t.enabled === "origin" ? [] : [enable(t)]),
  ...dependOn(address(t), t.depends_on),
];

const PLAIN = "CREATE TRIGGER ";

/** Only a trigger that is neither a clone nor a constraint can be replaced, and only since PostgreSQL 14. */
const replacement = (to: Trigger, from: Trigger, major: number): string | null =>
  major >= 14 && to.definition?.startsWith(PLAIN) && from.definition?.startsWith(PLAIN)
    ? `create or replace trigger ${to.definition.slice(PLAIN.length)}`
    : null;

/**
 * Constraint triggers too. A partition's clone counts only where it was enabled or disabled on its own; clones of
 * a foreign key's triggers never do. On 13 every clone is called internal.
 */
export const trigger: Kind<Trigger> = defineKind({
  name: "trigger",
  folder: "triggers",
  catalog: "pg_trigger",
  key: ["schema", "table", "name"],
  label: (t) => ident(t.schema, t.table, t.name),
  row,
  query: () => sql`
    select t.oid, t.tgrelid as of_oid,
      n.nspname as schema, c.relname as table, t.tgname as name,
      case t.tgparentid when 0 then pg_get_triggerdef(t.oid) end as definition,
      ${enabledIn("t.tgenabled")} as enabled, ${enabledIn("parent.tgenabled")} as parent_enabled,
      ${extensionsOf("pg_trigger", "t.oid")} as depends_on
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
      left join pg_trigger parent on parent.oid = t.tgparentid
    where ${userSchema} and case when t.tgparentid = 0 then not t.tgisinternal
      else t.tgenabled <> parent.tgenabled and not exists (
        select from pg_constraint k where k.oid = t.tgconstraint and k.contype <> 't') end`,
  within: (t) => t.of,
  address,
  create: (t) =>
    t.definition === null
      ? [enable(t), ...dependOn(address(t), t.depends_on)]
      : [t.definition, ...settings(t)],
  // A clone follows its parent, on 13 and 14 not at all.
  rename: (t, name) => (t.definition === null ? [] : `alter ${address(t)} rename to ${ident(name)}`),
  drop: (t) =>
    t.parent_enabled === null
      ? `drop ${address(t)}`
      : [...dependOn(address(t), [], t.depends_on), enable(t, t.parent_enabled)],
  alter: {
    definition: (to, from, { major }) => {
      const replaced = replacement(to, from, major);
      return replaced === null ? null : [replaced, ...settings(to)];
    },
    enabled: (to) => enable(to),
    depends_on: (to, from) => dependOn(address(to), to.depends_on, from.depends_on),
  },
  same: { parent_enabled: () => true },
  makesWay: true,
});

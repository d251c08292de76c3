import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { text } from "../quoting.ts";
import { standsAlone, userSchema } from "../scope.ts";
import type { Statement } from "../statement.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  /** In their sort order. */
  labels: z.array(z.string()),
});
type Enum = z.infer<typeof row>;

/** Labels can be added anywhere; null when one was taken away or moved, which nothing in place can do. */
function addLabels(to: Enum, from: Enum): Statement[] | null {
  const known = new Set(from.labels);
  const kept = to.labels.filter((label) => known.has(label));
  if (kept.length < from.labels.length || kept.some((label, i) => label !== from.labels[i])) return null;
  return to.labels.flatMap((label, i) => {
    if (known.has(label)) return [];
    const [first] = kept;
    const isBehindAll = !to.labels.slice(i).some((later) => known.has(later));
    const where =
      isBehindAll || first === undefined
        ? ""
        : i === 0
          ? ` before ${text(first)}`
          : ` after ${text(to.labels[i - 1]!)}`;
    const sql = `alter type ${ident(to.schema, to.name)} add value ${text(label)}${where}`;
    return [{ sql, transaction: "own" as const }];
  });
}

export const enumType: Kind<Enum> = defineKind({
  name: "enum",
  folder: "types",
  catalog: "pg_type",
  key: ["schema", "name"],
  label: (t) => ident(t.schema, t.name),
  row,
  query: () => sql`
    select t.oid, n.nspname as schema, t.typname as name,
      array(select e.enumlabel::text from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder) as labels
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where t.typtype = 'e' and ${userSchema} and ${standsAlone("pg_type", "t")}`,
  address: (t) => `type ${ident(t.schema, t.name)}`,
  create: (t) => `create type ${ident(t.schema, t.name)} as enum (${t.labels.map(text).join(", ")})`,
  drop: (t) => `drop type ${ident(t.schema, t.name)}`,
  alter: { labels: addLabels },
  grantedAs: "type",
  occupies: (t) => [ident(t.schema, t.name)],
  rename: (t, name) => `alter type ${ident(t.schema, t.name)} rename to ${ident(name)}`,
  members: {
    name: "label",
    catalog: "pg_enum",
    of: (t) => t.labels.map((name, shape) => ({ name, shape })),
    rename: (t, from, to) =>
      `alter type ${ident(t.schema, t.name)} rename value ${text(from)} to ${text(to)}`,
  },
});

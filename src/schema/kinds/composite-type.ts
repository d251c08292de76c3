import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";
import type { Statement } from "../statement.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  /** `name type [collate collation]`, in their order, which stored rows depend on. */
  attributes: z.array(z.string()),
  /** Of the attributes. */
  names: z.array(z.string()),
});
type CompositeType = z.infer<typeof row>;

/**
 * Attributes may go anywhere and come at the end; null for the rest, which stored rows would not survive. CASCADE is
 * how typed tables follow; a view that reads a lost attribute goes as well.
 */
function alterAttributes(to: CompositeType, from: CompositeType): (string | Statement)[] | null {
  const kept = from.attributes.filter((attribute) => to.attributes.includes(attribute));
  const added = to.attributes.slice(kept.length);
  const isInOrder = kept.every((attribute, i) => attribute === to.attributes[i]);
  const lostNames = from.names.filter((_, i) => !kept.includes(from.attributes[i]!));
  if (!isInOrder || lostNames.some((name) => to.names.includes(name))) return null;
  const alter = `alter type ${ident(to.schema, to.name)}`;
  return [
    ...lostNames.map((name) => ({
      sql: `${alter} drop attribute ${ident(name)} cascade`,
      loses: true as const,
    })),
    ...added.map((attribute) => `${alter} add attribute ${attribute} cascade`),
  ];
}

export const compositeType: Kind<CompositeType> = defineKind({
  name: "composite-type",
  folder: "types",
  catalog: "pg_type",
  key: ["schema", "name"],
  label: (t) => ident(t.schema, t.name),
  row,
  query: () => sql`
    select t.oid, n.nspname as schema, t.typname as name,
      array(select concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
          case when a.attcollation <> at.typcollation then 'collate ' || a.attcollation::regcollation::text end)
        from pg_attribute a join pg_type at on at.oid = a.atttypid
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as attributes,
      array(select a.attname::text from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as names
    from pg_type t join pg_namespace n on n.oid = t.typnamespace join pg_class c on c.oid = t.typrelid
    where c.relkind = 'c' and ${userSchema} and ${standsAlone("pg_type", "t")}`,
  same: { names: () => true },
  address: (t) => `type ${ident(t.schema, t.name)}`,
  create: (t) =>
    `create type ${ident(t.schema, t.name)} as (${t.attributes.map((attribute) => `\n  ${attribute}`).join(",")}\n)`,
  drop: (t) => `drop type ${ident(t.schema, t.name)}`,
  alter: { attributes: alterAttributes },
  grantedAs: "type",
  occupies: (t) => [ident(t.schema, t.name)],
  rename: (t, name) => `alter type ${ident(t.schema, t.name)} rename to ${ident(name)}`,
  members: {
    name: "attribute",
    catalog: "pg_attribute",
    of: (t) => t.names.map((name, i) => ({ name, shape: t.attributes[i]!.slice(ident(name).length) })),
    rename: (t, from, to) =>
      `alter type ${ident(t.schema, t.name)} rename attribute ${ident(from)} to ${ident(to)} cascade`,
  },
});

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
  /** Of the not-null constraint, when it is not PostgreSQL's own (since 17). */
  not_null_name: z.string().nullable(),
  default: z.string().nullable(),
});
type Domain = z.infer<typeof row>;

const alter = (t: Domain) => `alter domain ${ident(t.schema, t.name)}`;

const notNull = (t: Domain): string =>
  t.not_null_name === null ? "not null" : `constraint ${ident(t.not_null_name)} not null`;

function alterNotNull(to: Domain, from: Domain): string {
  if (!to.not_null) return `${alter(to)} drop not null`;
  if (!from.not_null) return `${alter(to)} ${to.not_null_name === null ? "set" : "add"} ${notNull(to)}`;
  const nameOf = (t: Domain) => ident(t.not_null_name ?? `${t.name}_not_null`);
  return `${alter(to)} rename constraint ${nameOf(from)} to ${nameOf(to)}`;
}

export const domain: Kind<Domain> = defineKind({
  name: "domain",
  folder: "types",
  catalog: "pg_type",
  key: ["schema", "name"],
  label: (t) => ident(t.schema, t.name),
  row,
  query: ({ major }) => sql`
    select t.oid, n.nspname as schema, t.typname as name, format_type(t.typbasetype, t.typtypmod) as type,
      case when t.typcollation <> base.typcollation then t.typcollation::regcollation::text end as collation,
      t.typnotnull as not_null,
      ${
        major < 17
          ? sql`null`
          : sql`(select k.conname from pg_constraint k where k.contypid = t.oid and k.contype = 'n'
              and k.conname <> t.typname || '_not_null')`
      } as not_null_name,
      pg_get_expr(t.typdefaultbin, 0) as default
    from pg_type t join pg_namespace n on n.oid = t.typnamespace join pg_type base on base.oid = t.typbasetype
    where t.typtype = 'd' and ${userSchema} and ${standsAlone("pg_type", "t")}`,
  create: (t, { parts }) =>
    [
      `create domain ${ident(t.schema, t.name)} as ${t.type}`,
      ...(t.collation === null ? [] : [`collate ${t.collation}`]),
      ...(t.default === null ? [] : [`default ${t.default}`]),
      ...(t.not_null ? [notNull(t)] : []),
      ...parts.map((part) => `\n  ${part}`),
    ].join(" "),
  drop: (t) => `drop domain ${ident(t.schema, t.name)}`,
  alter: {
    not_null: alterNotNull,
    not_null_name: alterNotNull,
    default: (to) => `${alter(to)} ${to.default === null ? "drop default" : `set default ${to.default}`}`,
  },
  occupies: (t) => [ident(t.schema, t.name)],
  rename: (t, name) => `${alter(t)} rename to ${ident(name)}`,
});

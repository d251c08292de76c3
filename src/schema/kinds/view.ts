import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { changedOptions, withOptions } from "../options.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  definition: z.string(),
  /** `name type [collate collation]`, in their order; not compared, as the definition says them. */
  columns: z.array(z.string()),
  /** security_barrier, security_invoker and check_option, as `name=value`. */
  options: z.array(z.string()),
  /** Column defaults given to the view itself. */
  defaults: z.record(z.string(), z.string()).nullable(),
});
type View = z.infer<typeof row>;

const alter = (v: View, action: string): string => `alter view ${ident(v.schema, v.name)} ${action}`;

function create(v: View, verb = "create view"): string {
  const head = [verb, ident(v.schema, v.name), withOptions(v.options)]
    .filter((part) => part !== "")
    .join(" ");
  return `${head} as\n${v.definition.replace(/;$/, "")}`;
}

/** CREATE OR REPLACE VIEW can only add columns at the end. */
const replace = (to: View, from: View): string | null =>
  from.columns.every((column, i) => column === to.columns[i]) ? create(to, "create or replace view") : null;

const setDefaults = (v: View, defaults: View["defaults"]): string[] =>
  Object.entries(defaults ?? {}).map(([column, expression]) =>
    alter(v, `alter column ${ident(column)} set default ${expression}`),
  );

export const view: Kind<View> = defineKind({
  name: "view",
  folder: "views",
  catalog: "pg_class",
  key: ["schema", "name"],
  label: (v) => ident(v.schema, v.name),
  row,
  query: () => sql`
    select c.oid, n.nspname as schema, c.relname as name, pg_get_viewdef(c.oid) as definition,
      array(select concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
          case when a.attcollation <> t.typcollation then 'collate ' || a.attcollation::regcollation::text end)
        from pg_attribute a join pg_type t on t.oid = a.atttypid
        where a.attrelid = c.oid and a.attnum > 0 order by a.attnum) as columns,
      array(select unnest(c.reloptions) order by 1) as options,
      (select jsonb_object_agg(a.attname, pg_get_expr(d.adbin, d.adrelid))
        from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
        where d.adrelid = c.oid) as defaults
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'v' and ${userSchema} and ${standsAlone("pg_class", "c")}`,
  same: { columns: () => true },
  create: (v) => create(v),
  finish: (v) => setDefaults(v, v.defaults),
  drop: (v) => `drop view ${ident(v.schema, v.name)}`,
  alter: {
    definition: replace,
    options: (to, from) => changedOptions(from.options, to.options).map((action) => alter(to, action)),
    defaults: (to, from) => [
      ...Object.keys(from.defaults ?? {})
        .filter((column) => to.defaults?.[column] === undefined)
        .map((column) => alter(to, `alter column ${ident(column)} drop default`)),
      ...setDefaults(to, to.defaults),
    ],
  },
  grantedAs: "table",
  occupies: (v) => [ident(v.schema, v.name)],
  rename: (v, name) => alter(v, `rename to ${ident(name)}`),
});

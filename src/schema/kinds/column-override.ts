import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { userSchema } from "../scope.ts";
import type { Place } from "../statement.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  table: z.string(),
  name: z.string(),
  /** What the column of the child has instead of what its parent's has. */
  overrides: z.record(z.string(), z.string().nullable()),
  /** What the parent's has; not compared. */
  parent: z.record(z.string(), z.string().nullable()),
});
type ColumnOverride = z.infer<typeof row>;
type Overrides = ColumnOverride["overrides"];

const STORAGE: Readonly<Record<string, string>> = { p: "plain", e: "external", m: "main", x: "extended" };
const COMPRESSION: Readonly<Record<string, string>> = { p: "pglz", l: "lz4" };

/** What sets one attribute of the child's column. */
const ACTIONS: Readonly<Record<string, (value: string | null) => string>> = {
  default: (value) => (value === null ? "drop default" : `set default ${value}`),
  not_null: (value) => (value === "true" ? "set not null" : "drop not null"),
  storage: (value) => `set storage ${STORAGE[value ?? ""] ?? "default"}`,
  compression: (value) => `set compression ${COMPRESSION[value ?? ""] ?? "default"}`,
  statistics: (value) => `set statistics ${value ?? -1}`,
  options: (value) =>
    value === null ? "reset (n_distinct, n_distinct_inherited)" : `set (${value.slice(1, -1)})`,
};

/** Without its own children, but what no row of a partitioned table lacks is said of its partitions too. */
function set(a: ColumnOverride, overrides: Overrides, { rowOf }: Place): string[] {
  const isPartitioned = typeof rowOf(a.of)?.["partition_by"] === "string";
  return Object.entries(overrides).map(([attribute, value]) => {
    const only = attribute === "not_null" && isPartitioned ? "" : "only ";
    return `alter table ${only}${ident(a.schema, a.table)} alter column ${ident(a.name)} ${ACTIONS[attribute]?.(value)}`;
  });
}

/** Back to what the parent has. */
const unset = (a: ColumnOverride, attributes: readonly string[], place: Place): string[] =>
  set(a, Object.fromEntries(attributes.map((attribute) => [attribute, a.parent[attribute] ?? null])), place);

/** Where the inherited column of a child table or partition differs from its parent's. */
export const columnOverride: Kind<ColumnOverride> = defineKind({
  name: "column-override",
  catalog: "pg_class",
  key: ["schema", "table", "name"],
  label: (a) => ident(a.schema, a.table, a.name),
  row,
  query: (server) => sql`
    select null::oid as oid, a.attrelid as of_oid,
      n.nspname as schema, c.relname as table, a.attname as name, o.overrides, o.parent
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      cross join lateral (
        select pa.* from pg_inherits h join pg_attribute pa on pa.attrelid = h.inhparent and pa.attname = a.attname
        where h.inhrelid = a.attrelid order by h.inhseqno limit 1) p
      left join pg_attrdef ad on ad.adrelid = a.attrelid and ad.adnum = a.attnum
      left join pg_attrdef pd on pd.adrelid = p.attrelid and pd.adnum = p.attnum
      cross join lateral (
        select jsonb_object_agg(v.attribute, v.own) as overrides, jsonb_object_agg(v.attribute, v.parent) as parent
        from (values
          ('default', pg_get_expr(ad.adbin, ad.adrelid), pg_get_expr(pd.adbin, pd.adrelid)),
          ${
            server.major < 18
              ? sql`('not_null', case when p.attnotnull then a.attnotnull::text end,
                  case when p.attnotnull then 'true' end),`
              : sql``
          }
          ('storage', a.attstorage::text, p.attstorage::text),
          ${server.major < 14 ? sql`` : sql`('compression', a.attcompression::text, p.attcompression::text),`}
          ('statistics', nullif(a.attstattarget, -1)::text, nullif(p.attstattarget, -1)::text),
          ('options', a.attoptions::text, p.attoptions::text)) as v (attribute, own, parent)
        where v.own is distinct from v.parent) o
    where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
      and a.attinhcount > 0 and not a.attislocal and o.overrides is not null and ${userSchema}`,
  within: (a) => a.of,
  same: { parent: () => true },
  create: (a, place) => set(a, a.overrides, place),
  drop: (a, place) => unset(a, Object.keys(a.overrides), place),
  alter: {
    overrides: (to, from, place) => [
      ...unset(
        to,
        Object.keys(from.overrides).filter((attribute) => !(attribute in to.overrides)),
        place,
      ),
      ...set(to, to.overrides, place),
    ],
  },
});

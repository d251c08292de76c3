import * as z from "zod";
import type { Server } from "../../pg/connection.ts";
import { ident, type Sql, sql } from "../../sql/tag.ts";
import {
  foreignOptions,
  optionsChange,
  optionsClause,
  readOptions,
  sameOptions,
} from "../foreign-options.ts";
import { defineKind, type Kind } from "../kind.ts";
import { changedOptions, optionList } from "../options.ts";
import { standsAlone, userSchema } from "../scope.ts";

/** What is not said is the default. */
const column = z.object({
  name: z.string(),
  type: z.string(),
  collation: z.string().optional(),
  /** `not null`, since PostgreSQL 18 with the constraint's name where that is not the one it is given. */
  not_null: z.string().optional(),
  /** The same where rows were not checked, which is said by itself (since PostgreSQL 18). */
  not_null_not_valid: z.string().optional(),
  default: z.string().optional(),
  /** `always as (…) stored`. */
  generated: z.string().optional(),
  /** Those of the wrapper. */
  options: foreignOptions,
  storage: z.string().optional(),
  statistics: z.number().optional(),
  /** Planner options such as n_distinct. */
  settings: z.array(z.string()).optional(),
});
type Column = z.infer<typeof column>;

const override = column
  .pick({ not_null: true, default: true, storage: true, statistics: true, settings: true })
  .extend({ options: foreignOptions.optional() });
type Override = z.infer<typeof override>;

const row = z.object({
  schema: z.string(),
  name: z.string(),
  server: z.string(),
  options: foreignOptions,
  /** Parents in their order; of a partition, the partitioned table. */
  inherits: z.array(z.string()),
  /** Bounds of a partition, e.g. `FOR VALUES IN ('a')`. */
  partition_bound: z.string().nullable(),
  /** Declared here, in their order, which a wrapper may go by. */
  columns: z.array(column),
  /** By column that is inherited, what it has instead of what its parent's has. */
  overrides: z.record(z.string(), override),
});
type ForeignTable = z.infer<typeof row>;

const alter = (t: ForeignTable, action: string): string =>
  `alter foreign table ${ident(t.schema, t.name)} ${action}`;

const alterColumn = (t: ForeignTable, name: string, action: string): string =>
  alter(t, `alter column ${ident(name)} ${action}`);

function columnClause(c: Column): string {
  const clauses = [
    c.collation && `collate ${c.collation}`,
    c.generated && `generated ${c.generated}`,
    c.not_null,
    c.default && `default ${c.default}`,
  ];
  return [
    `${ident(c.name)} ${c.type}${optionsClause(c.options)}`,
    ...clauses.filter((clause) => clause),
  ].join(" ");
}

const addNotNull = (t: ForeignTable, { name, not_null_not_valid: clause }: Column): string[] =>
  clause === undefined ? [] : [alter(t, `add ${clause} ${ident(name)} not valid`)];

/** What the clause of a column cannot say. */
const columnSettings = (t: ForeignTable, name: string, c: Override): string[] =>
  [
    c.storage && `set storage ${c.storage}`,
    c.statistics !== undefined && `set statistics ${c.statistics}`,
    c.settings && `set ${optionList(c.settings)}`,
  ].flatMap((action) => (action ? alterColumn(t, name, action) : []));

const overriding = (t: ForeignTable, name: string, c: Override): string[] => [
  ...(c.not_null === undefined ? [] : [alterColumn(t, name, "set not null")]),
  ...(c.default === undefined ? [] : [alterColumn(t, name, `set default ${c.default}`)]),
  ...(c.options === undefined || sameOptions(c.options, {})
    ? []
    : [alterColumn(t, name, optionsChange(c.options, {}))]),
  ...columnSettings(t, name, c),
];

function create(t: ForeignTable): string {
  const columns = `(${t.columns.map((c) => `\n  ${columnClause(c)}`).join(",")}${t.columns.length === 0 ? "" : "\n"})`;
  const bound = t.partition_bound?.replace(/^FOR VALUES/, "for values").replace(/^DEFAULT$/, "default");
  const body =
    bound === undefined
      ? `${columns}${t.inherits.length === 0 ? "" : ` inherits (${t.inherits.join(", ")})`}`
      : `partition of ${t.inherits[0]} ${bound}`;
  return `create foreign table ${ident(t.schema, t.name)} ${body} server ${ident(t.server)}${optionsClause(t.options)}`;
}

const sameColumns = (from: readonly Column[], to: readonly Column[]): boolean =>
  from.length === to.length && from.every((c, i) => isSame(c, to[i]!));

const isSame = ({ options, ...from }: Column, { options: toOptions, ...to }: Column): boolean =>
  JSON.stringify(sorted(from)) === JSON.stringify(sorted(to)) && sameOptions(options, toOptions);

const sorted = (of: object): unknown => Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1));

/** Adds columns at the end and changes what says nothing of what is read; as no rows are here, the rest is made anew. */
function alterColumns(to: ForeignTable, from: ForeignTable): string[] | null {
  const isKept = from.columns.every((c, i) => keepsShape(c, to.columns[i]));
  if (!isKept) return null;
  const kept = from.columns.flatMap((c, i) => alterOne(to, to.columns[i]!, c));
  const added = to.columns.slice(from.columns.length);
  return [
    ...kept,
    ...added.map((c) => alter(to, `add column ${columnClause(c)}`)),
    ...added.flatMap((c) => [...addNotNull(to, c), ...columnSettings(to, c.name, c)]),
  ];
}

const SHAPE = [
  "name",
  "type",
  "collation",
  "not_null",
  "not_null_not_valid",
  "generated",
  "storage",
] as const;

const keepsShape = (from: Column, to: Column | undefined): boolean =>
  to !== undefined && SHAPE.every((attribute) => from[attribute] === to[attribute]);

function alterOne(t: ForeignTable, to: Column, from: Column): string[] {
  const actions = [
    to.default === from.default
      ? []
      : to.default === undefined
        ? "drop default"
        : `set default ${to.default}`,
    sameOptions(from.options, to.options) ? [] : optionsChange(to.options, from.options),
    to.statistics === from.statistics ? [] : `set statistics ${to.statistics ?? -1}`,
    changedOptions(from.settings ?? [], to.settings ?? []),
  ];
  return actions.flat().map((action) => alterColumn(t, to.name, action));
}

const settings = sql.raw(`
  'storage', case when a.attstorage <> y.typstorage then case a.attstorage when 'p' then 'plain'
    when 'e' then 'external' when 'm' then 'main' else 'extended' end end,
  'statistics', nullif(a.attstattarget, -1),
  'settings', case when a.attoptions is not null then
    to_jsonb(array(select unnest(a.attoptions) order by 1)) end`);

/** A constraint of its own since PostgreSQL 18. */
const notNull = (server: Server): Sql =>
  server.major < 18
    ? sql`'not_null', case when a.attnotnull then 'not null' end`
    : sql`'not_null', ${notNullClause("k.convalidated")}, 'not_null_not_valid', ${notNullClause("not k.convalidated")}`;

const notNullClause = (condition: string): Sql =>
  sql.raw(`(select concat_ws(' ',
      'constraint ' || quote_ident(nullif(k.conname, t.relname || '_' || a.attname || '_not_null')), 'not null',
      case when k.connoinherit then 'no inherit' end)
    from pg_constraint k
    where k.contype = 'n' and k.conrelid = a.attrelid and k.conkey = array[a.attnum] and ${condition})`);

const columns = (server: Server): Sql => sql`
  coalesce((
    select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
      'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'collation', case when a.attcollation <> y.typcollation then a.attcollation::regcollation::text end,
      ${notNull(server)},
      'default', case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end,
      'generated', case when a.attgenerated <> '' then 'always as (' || pg_get_expr(d.adbin, d.adrelid) || ') '
        || case a.attgenerated when 's' then 'stored' else 'virtual' end end,
      ${settings}))
      || jsonb_build_object('options', ${readOptions("a.attfdwoptions")}) order by a.attnum)
    from pg_attribute a join pg_type y on y.oid = a.atttypid
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped and (a.attislocal or a.attinhcount = 0)
  ), '[]')`;

/** A default that is taken away is `NULL`, which is the same. */
const overrides = sql`
  coalesce((
    select jsonb_object_agg(a.attname, o.own) from pg_attribute a join pg_type y on y.oid = a.atttypid
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      cross join lateral (
        select p.attnotnull, pg_get_expr(pd.adbin, pd.adrelid) as default
        from pg_inherits h join pg_attribute p on p.attrelid = h.inhparent and p.attname = a.attname
          left join pg_attrdef pd on pd.adrelid = p.attrelid and pd.adnum = p.attnum
        where h.inhrelid = a.attrelid order by h.inhseqno limit 1) parent
      cross join lateral (select jsonb_strip_nulls(jsonb_build_object(
        'not_null', case when a.attnotnull and not parent.attnotnull then 'not null' end,
        'default', case when pg_get_expr(d.adbin, d.adrelid) is distinct from parent.default
          then coalesce(pg_get_expr(d.adbin, d.adrelid), 'NULL') end,
        'options', nullif(${readOptions("a.attfdwoptions")}, '{}'),
        ${settings})) as own) o
    where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped and a.attinhcount > 0 and not a.attislocal
      and o.own <> '{}'
  ), '{}')`;

/** With its columns, but without its constraints. */
export const foreignTable: Kind<ForeignTable> = defineKind({
  name: "foreign-table",
  folder: "tables",
  catalog: "pg_class",
  key: ["schema", "name"],
  label: (t) => ident(t.schema, t.name),
  row,
  query: (server) => sql`
    select t.oid, n.nspname as schema, t.relname as name, s.srvname as server,
      ${readOptions("f.ftoptions")} as options,
      array(select h.inhparent::regclass::text from pg_inherits h where h.inhrelid = t.oid order by h.inhseqno)
        as inherits,
      pg_get_expr(t.relpartbound, t.oid) as partition_bound, ${columns(server)} as columns, ${overrides} as overrides
    from pg_foreign_table f join pg_class t on t.oid = f.ftrelid join pg_namespace n on n.oid = t.relnamespace
      join pg_foreign_server s on s.oid = f.ftserver
    where ${userSchema} and ${standsAlone("pg_class", "t")}`,
  same: { options: sameOptions, columns: sameColumns },
  create,
  finish: (t) => [
    ...t.columns.flatMap((c) => [...addNotNull(t, c), ...columnSettings(t, c.name, c)]),
    ...Object.entries(t.overrides).flatMap(([name, c]) => overriding(t, name, c)),
  ],
  drop: (t) => `drop foreign table ${ident(t.schema, t.name)}`,
  alter: {
    options: (to, from) => alter(to, optionsChange(to.options, from.options)),
    columns: alterColumns,
  },
  grantedAs: "table",
  occupies: (t) => [ident(t.schema, t.name)],
  rename: (t, name) => alter(t, `rename to ${ident(name)}`),
});

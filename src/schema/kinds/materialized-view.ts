import * as z from "zod";
import type { Server } from "../../pg/connection.ts";
import { ident, type Sql, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { changedOptions, withOptions } from "../options.ts";
import { standsAlone, userSchema } from "../scope.ts";

/** What is not said is the type's. */
const settings = z.object({
  storage: z.string().optional(),
  compression: z.string().optional(),
  statistics: z.number().optional(),
  /** Planner options such as n_distinct. */
  options: z.array(z.string()).optional(),
  usual_storage: z.string(),
});
type Settings = z.infer<typeof settings>;

const row = z.object({
  schema: z.string(),
  name: z.string(),
  definition: z.string(),
  access_method: z.string().nullable(),
  /** Storage parameters, those of the TOAST table prefixed `toast.`. */
  options: z.array(z.string()),
  /** Of columns that have their own. */
  column_settings: z.record(z.string(), settings),
});
type MaterializedView = z.infer<typeof row>;

const storageName = (of: string): string =>
  `case ${of} when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end`;

const columnSettings = ({ major }: Server): Sql =>
  sql.raw(`coalesce((
    select jsonb_object_agg(a.attname, s.own || jsonb_build_object('usual_storage', ${storageName("y.typstorage")}))
    from pg_attribute a join pg_type y on y.oid = a.atttypid
      cross join lateral (select jsonb_strip_nulls(jsonb_build_object(
        'storage', case when a.attstorage <> y.typstorage then ${storageName("a.attstorage")} end,
        'compression', ${major < 14 ? "null" : "case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end"},
        'statistics', nullif(a.attstattarget, -1),
        'options', case when a.attoptions is not null
          then to_jsonb(array(select unnest(a.attoptions) order by 1)) end)) as own) s
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and s.own <> '{}'), '{}')`);

const alter = (v: MaterializedView, action: string): string =>
  `alter materialized view ${ident(v.schema, v.name)} ${action}`;

/** Filled at once, as one that is made anew was. */
function create(v: MaterializedView): string {
  const clauses = [
    `create materialized view ${ident(v.schema, v.name)}`,
    v.access_method === null || v.access_method === "heap" ? "" : `using ${ident(v.access_method)}`,
    withOptions(v.options),
    "as",
  ];
  return `${clauses.filter((clause) => clause !== "").join(" ")}\n${v.definition.replace(/;$/, "")}`;
}

const NOTHING: Omit<Settings, "usual_storage"> = {};

function alterColumn(
  v: MaterializedView,
  name: string,
  [from, to]: readonly [Settings | undefined, Settings | undefined],
) {
  const { usual_storage: usual } = (to ?? from)!;
  const [was, is] = [from ?? NOTHING, to ?? NOTHING];
  const actions = [
    is.storage === was.storage ? [] : `set storage ${is.storage ?? usual}`,
    is.compression === was.compression ? [] : `set compression ${is.compression ?? "default"}`,
    is.statistics === was.statistics ? [] : `set statistics ${is.statistics ?? -1}`,
    changedOptions(was.options ?? [], is.options ?? []),
  ];
  return actions.flat().map((action) => alter(v, `alter column ${ident(name)} ${action}`));
}

const setColumns = (v: MaterializedView, from: MaterializedView["column_settings"]): string[] =>
  [...new Set([...Object.keys(from), ...Object.keys(v.column_settings)])].flatMap((name) =>
    alterColumn(v, name, [from[name], v.column_settings[name]]),
  );

/** Whether it holds rows is not schema. */
export const materializedView: Kind<MaterializedView> = defineKind({
  name: "materialized-view",
  folder: "views",
  catalog: "pg_class",
  key: ["schema", "name"],
  label: (v) => ident(v.schema, v.name),
  row,
  query: (server) => sql`
    select c.oid, n.nspname as schema, c.relname as name, pg_get_viewdef(c.oid) as definition,
      am.amname as access_method,
      array(select unnest(c.reloptions) union all select 'toast.' || unnest(toast.reloptions) order by 1) as options,
      ${columnSettings(server)} as column_settings
    from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_am am on am.oid = c.relam
      left join pg_class toast on toast.oid = c.reltoastrelid and toast.reloptions is not null
    where c.relkind = 'm' and ${userSchema} and ${standsAlone("pg_class", "c")}`,
  create,
  finish: (v) => setColumns(v, {}),
  drop: (v) => `drop materialized view ${ident(v.schema, v.name)}`,
  alter: {
    access_method: (to, _from, { major }) =>
      major < 15 || to.access_method === null
        ? null
        : alter(to, `set access method ${ident(to.access_method)}`),
    options: (to, from) => changedOptions(from.options, to.options).map((action) => alter(to, action)),
    column_settings: (to, from) => setColumns(to, from.column_settings),
  },
  grantedAs: "table",
  occupies: (v) => [ident(v.schema, v.name)],
  rename: (v, name) => alter(v, `rename to ${ident(name)}`),
});

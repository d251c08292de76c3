import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind, type Taken } from "../kind.ts";
import { changedOptions, optionList } from "../options.ts";
import { userSchema } from "../scope.ts";
import type { Place } from "../statement.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  table: z.string(),
  name: z.string(),
  /** Where it stands in its table; not compared, as columns are never reordered. */
  position: z.number(),
  type: z.string(),
  /** Without a modifier. */
  base_type: z.string(),
  /** Only when it is not the type's. */
  collation: z.string().nullable(),
  generated: z.enum(["stored", "virtual"]).nullable(),
  expression: z.string().nullable(),
  /** A parent says the same; a child that says it too is refused before PostgreSQL 16. */
  generated_by_parent: z.boolean(),
  /** Only when it is not the type's. */
  storage: z.string().nullable(),
  usual_storage: z.string(),
  compression: z.string().nullable(),
  statistics: z.number().nullable(),
  /** Planner options such as n_distinct. */
  options: z.array(z.string()).nullable(),
  /** The table is a typed one, whose columns its type makes. */
  typed: z.boolean(),
  /** Its table is partitioned by it, so that its type stays. */
  in_partition_key: z.boolean(),
});
type Column = z.infer<typeof row>;

const alter = (a: Column, action: string): string =>
  `alter table ${ident(a.schema, a.table)} alter column ${ident(a.name)} ${action}`;

function clause(a: Column, { parts, major }: Place): string {
  if (a.typed) return parts.length === 0 ? "" : [ident(a.name), "with options", ...parts].join(" ");
  return [
    `${ident(a.name)} ${a.type}`,
    ...(a.collation === null ? [] : [`collate ${a.collation}`]),
    ...(a.generated === null || (a.generated_by_parent && major < 16)
      ? []
      : [`generated always as (${a.expression}) ${a.generated}`]),
    ...parts,
  ].join(" ");
}

/** The old value as the new type has it: through text where PostgreSQL has no cast between the types. */
function converted(to: Column, from: Column, { cast }: Place): string | null {
  const column = ident(to.name);
  const how = from.generated === null ? cast(from.base_type, to.base_type) : "assignment";
  return { assignment: null, explicit: `${column}::${to.type}`, text: `${column}::text::${to.type}` }[how];
}

function alterType(to: Column, from: Column, place: Place): string | null {
  if (from.in_partition_key) return null;
  const value = converted(to, from, place);
  const using = value === null ? "" : ` using ${value}`;
  return alter(to, `type ${to.type}${to.collation === null ? "" : ` collate ${to.collation}`}${using}`);
}

function alterExpression(to: Column, from: Column, { major }: Place): string | null {
  if (from.generated === "stored" && to.generated === null) return alter(to, "drop expression");
  if (from.generated === to.generated && major >= 17)
    return alter(to, `set expression as (${to.expression})`);
  return null;
}

/** A type of the user's may be another one of the same name by then. */
function taken(to: Column, from: Column, place: Place): Taken | null {
  if (to.generated !== null) return null;
  const column = ident(to.name);
  const isOwnType = to.base_type === from.base_type && to.base_type.includes(".");
  const value = isOwnType ? `${column}::text::${to.type}` : (converted(to, from, place) ?? column);
  return { column, value };
}

const alterStorage = (a: Column): string => alter(a, `set storage ${a.storage ?? a.usual_storage}`);
const alterCompression = (a: Column): string => alter(a, `set compression ${a.compression ?? "default"}`);
const alterStatistics = (a: Column): string => alter(a, `set statistics ${a.statistics ?? -1}`);

const storageName = (of: string) =>
  sql.raw(`case ${of} when 'p' then 'plain' when 'e' then 'external'
    when 'm' then 'main' else 'extended' end`);

/** Columns declared by their table; what a child inherits is said by its parent. */
export const column: Kind<Column> = defineKind({
  name: "column",
  catalog: "pg_class",
  key: ["schema", "table", "name"],
  label: (a) => ident(a.schema, a.table, a.name),
  drift: { counted: "columns" },
  row,
  query: (server) => sql`
    select a.attrelid as oid, a.attnum as sub, a.attrelid as of_oid,
      n.nspname as schema, c.relname as table, a.attname as name, a.attnum as position,
      format_type(a.atttypid, a.atttypmod) as type, format_type(a.atttypid, null) as base_type,
      case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end as collation,
      case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' end as generated,
      case when a.attgenerated <> '' then (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d
        where d.adrelid = a.attrelid and d.adnum = a.attnum) end as expression,
      a.attgenerated <> '' and exists (select from pg_inherits h
        join pg_attribute p on p.attrelid = h.inhparent and p.attname = a.attname and p.attgenerated <> ''
        where h.inhrelid = a.attrelid) as generated_by_parent,
      case when a.attstorage <> t.typstorage then ${storageName("a.attstorage")} end as storage,
      ${storageName("t.typstorage")} as usual_storage,
      ${server.major < 14 ? sql`null` : sql`case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end`}
        as compression,
      nullif(a.attstattarget, -1) as statistics,
      case when a.attoptions is not null then array(select unnest(a.attoptions) order by 1) end as options,
      c.reloftype <> 0 as typed, c.relkind = 'p' and exists (select from pg_partitioned_table p
        where p.partrelid = c.oid and a.attnum = any (p.partattrs)) as in_partition_key
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      join pg_type t on t.oid = a.atttypid
    where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
      and (a.attislocal or a.attinhcount = 0) and ${userSchema}`,
  within: (a) => a.of,
  position: (a) => a.position,
  same: {
    position: () => true,
    base_type: () => true,
    usual_storage: () => true,
    generated_by_parent: () => true,
    typed: () => true,
    in_partition_key: () => true,
  },
  create: (a, place) =>
    a.typed ? [] : `alter table ${ident(a.schema, a.table)} add column ${clause(a, place)}`,
  inline: clause,
  finish: (a) => [
    ...(a.storage === null ? [] : [alterStorage(a)]),
    ...(a.compression === null ? [] : [alterCompression(a)]),
    ...(a.statistics === null ? [] : [alterStatistics(a)]),
    ...(a.options === null ? [] : [alter(a, `set ${optionList(a.options)}`)]),
  ],
  drop: (a) => (a.typed ? [] : `alter table ${ident(a.schema, a.table)} drop column ${ident(a.name)}`),
  holdsRows: (a) => a.generated === null,
  rename: (a, name) =>
    `alter table ${ident(a.schema, a.table)} rename column ${ident(a.name)} to ${ident(name)}`,
  repoint: (a) =>
    a.in_partition_key ? null : alter(a, `type ${a.type} using ${ident(a.name)}::text::${a.type}`),
  byCopy: ["type", "collation"],
  taken,
  disturbs: ["type", "collation", "generated", "expression"],
  alter: {
    type: alterType,
    collation: alterType,
    generated: alterExpression,
    expression: alterExpression,
    storage: alterStorage,
    compression: alterCompression,
    statistics: alterStatistics,
    options: (to, from) =>
      changedOptions(from.options ?? [], to.options ?? []).map((action) => alter(to, action)),
  },
});

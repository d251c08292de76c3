import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { type Aside, defineKind, type Kind } from "../kind.ts";
import { changedOptions, withOptions } from "../options.ts";
import { standsAlone, userSchema } from "../scope.ts";
import type { Place, Statement } from "../statement.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  unlogged: z.boolean(),
  /** Strategy and key of a partitioned table, e.g. `RANGE (placed_at)`. */
  partition_by: z.string().nullable(),
  /** Parents in their order; of a partition, the partitioned table. */
  inherits: z.array(z.string()),
  /** Bounds of a partition, e.g. `FOR VALUES IN ('a')`. */
  partition_bound: z.string().nullable(),
  /** A DETACH CONCURRENTLY that was not finished (since PostgreSQL 14). */
  detach_pending: z.boolean(),
  /** Composite type of a typed table. */
  of_type: z.string().nullable(),
  access_method: z.string().nullable(),
  /** Storage parameters, those of the TOAST table prefixed `toast.`. */
  options: z.array(z.string()),
  row_security: z.boolean(),
  force_row_security: z.boolean(),
  /** Of its not-null constraints by column (since PostgreSQL 18); not compared, as an inherited one keeps its name. */
  not_null_names: z.record(z.string(), z.string()),
});
type Table = z.infer<typeof row>;

const alter = (t: Table, action: string): string => `alter table ${ident(t.schema, t.name)} ${action}`;

function create(t: Table, place: Place): string {
  const parts = [...place.parts, ...ownNotNulls(t, place)];
  const body = parts.length === 0 ? "()" : `(\n  ${parts.join(",\n  ")}\n)`;
  const clauses = [
    `create ${t.unlogged ? "unlogged " : ""}table ${ident(t.schema, t.name)}`,
    columnsOf(t, parts, body),
    t.partition_bound === null && t.inherits.length > 0 ? `inherits (${t.inherits.join(", ")})` : "",
    t.partition_bound?.replace(/^FOR VALUES/, "for values").replace(/^DEFAULT$/, "default") ?? "",
    t.partition_by === null ? "" : `partition by ${t.partition_by}`,
    t.access_method === null || t.access_method === "heap" ? "" : `using ${ident(t.access_method)}`,
    withOptions(t.options),
  ];
  return clauses.filter((clause) => clause !== "").join(" ");
}

function columnsOf(t: Table, parts: readonly string[], body: string): string {
  const given = parts.length === 0 ? "" : ` ${body}`;
  if (t.partition_bound !== null) return `partition of ${t.inherits[0]}${given}`;
  return t.of_type === null ? body : `of ${t.of_type}${given}`;
}

const CONCURRENTLY = { major: 14, instead: "detach it without keeping queries waiting" } as const;

/** Not-null constraints that a partition inherits under another name than its parent's, as one that was attached does. */
function ownNotNulls(t: Table, { rowOf }: Place): string[] {
  if (t.partition_bound === null) return [];
  const above = rowOf(`table ${t.inherits[0]}`)?.["not_null_names"] as Table["not_null_names"] | undefined;
  return Object.entries(t.not_null_names)
    .filter(([column, name]) => (above?.[column] ?? name) !== name)
    .map(([column, name]) => `constraint ${ident(name)} not null ${ident(column)}`);
}

/** What is inherited cannot be renamed, so that it has its name before. */
const renameNotNulls = (to: Table, from: Table): string[] =>
  Object.entries(to.not_null_names).flatMap(([column, name]) => {
    const before = from.not_null_names[column] ?? name;
    return before === name ? [] : [alter(to, `rename constraint ${ident(before)} to ${ident(name)}`)];
  });

/** A partition leaves, then joins; other children join first, as a column that both parents have stays inherited. */
function alterParents(to: Table, from: Table, { online, major }: Place): (string | Statement)[] {
  const name = ident(to.schema, to.name);
  if (from.partition_bound !== null || to.partition_bound !== null) {
    const concurrently = online && major >= 14 && to.partition_bound === null;
    const detach = `alter table ${from.inherits[0]} detach partition ${name}`;
    return [
      ...(from.partition_bound === null
        ? from.inherits.map((parent) => alter(to, `no inherit ${parent}`))
        : [
            concurrently
              ? { sql: `${detach} concurrently`, transaction: "none" as const }
              : { sql: detach, later: online && major < 14 ? CONCURRENTLY : undefined },
          ]),
      ...(to.partition_bound === null
        ? to.inherits.map((parent) => alter(to, `inherit ${parent}`))
        : [
            ...renameNotNulls(to, from),
            `alter table ${to.inherits[0]} attach partition ${name} ${to.partition_bound}`,
          ]),
    ];
  }
  return [
    ...to.inherits
      .filter((parent) => !from.inherits.includes(parent))
      .map((parent) => alter(to, `inherit ${parent}`)),
    ...from.inherits
      .filter((parent) => !to.inherits.includes(parent))
      .map((parent) => alter(to, `no inherit ${parent}`)),
  ];
}

/** Its row security would hide rows from an owner who takes them over. */
function setAside(t: Table, schema: string, leaves: boolean): string[] {
  const isPartition = t.partition_bound !== null;
  return [
    ...(t.force_row_security ? [alter(t, "no force row level security")] : []),
    ...(leaves && isPartition
      ? [`alter table ${t.inherits[0]} detach partition ${ident(t.schema, t.name)}`]
      : []),
    alter(t, `set schema ${ident(schema)}`),
  ];
}

/** All rows of a partitioned table, whichever partitions they were in; those of a child table stay its own. */
function takeOver(to: Table, from: Table, { schema, columns }: Aside): string[] {
  if (columns.length === 0) return [];
  const [into, values] = [columns.map(({ column }) => column), columns.map(({ value }) => value)];
  const only = from.partition_by === null ? "only " : "";
  const insert = `insert into ${ident(to.schema, to.name)} (${into.join(", ")}) overriding system value select ${values.join(", ")} from ${only}${ident(schema, from.name)}`;
  if (!to.force_row_security) return [insert];
  return [alter(to, "no force row level security"), insert, alter(to, "force row level security")];
}

/** Since PostgreSQL 15; of a partitioned table, for partitions to come, and back to none, since 17. */
function alterAccessMethod(to: Table, _from: Table, { major }: Place): string | null {
  if (major < (to.partition_by === null ? 15 : 17)) return null;
  return alter(to, `set access method ${to.access_method === null ? "default" : ident(to.access_method)}`);
}

/** Partitioned tables and partitions too; tablespaces are ignored. */
export const table: Kind<Table> = defineKind({
  name: "table",
  folder: "tables",
  catalog: "pg_class",
  key: ["schema", "name"],
  label: (t) => ident(t.schema, t.name),
  drift: { counted: "tables" },
  row,
  query: (server) => sql`
    select c.oid, n.nspname as schema, c.relname as name, c.relpersistence = 'u' as unlogged,
      case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as partition_by,
      array(select h.inhparent::regclass::text from pg_inherits h where h.inhrelid = c.oid order by h.inhseqno)
        as inherits,
      pg_get_expr(c.relpartbound, c.oid) as partition_bound,
      ${
        server.major >= 14
          ? sql`exists (select from pg_inherits h where h.inhrelid = c.oid and h.inhdetachpending)`
          : sql`false`
      } as detach_pending,
      nullif(c.reloftype, 0)::regtype::text as of_type, am.amname as access_method,
      array(select unnest(c.reloptions) union all select 'toast.' || unnest(toast.reloptions) order by 1) as options,
      c.relrowsecurity as row_security, c.relforcerowsecurity as force_row_security,
      ${
        server.major < 18
          ? sql`'{}'::jsonb`
          : sql`(select coalesce(jsonb_object_agg(a.attname, k.conname), '{}') from pg_constraint k
              join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
              where k.conrelid = c.oid and k.contype = 'n')`
      } as not_null_names
    from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_am am on am.oid = c.relam
      left join pg_class toast on toast.oid = c.reltoastrelid and toast.reloptions is not null
    where c.relkind in ('r', 'p') and ${userSchema} and ${standsAlone("pg_class", "c")}`,
  create,
  finish: (t) => [
    ...(t.row_security ? [alter(t, "enable row level security")] : []),
    ...(t.force_row_security ? [alter(t, "force row level security")] : []),
  ],
  drop: (t) => `drop table ${ident(t.schema, t.name)}`,
  holdsRows: () => true,
  occupies: (t) => [ident(t.schema, t.name)],
  rename: (t, name) => alter(t, `rename to ${ident(name)}`),
  same: { not_null_names: () => true },
  byCopy: ["partition_by", "access_method"],
  setAside,
  movesWith: (t) => (t.partition_bound === null ? null : `table ${t.inherits[0]}`),
  takeOver,
  reshapes: ["inherits", "partition_bound", "detach_pending", "of_type"],
  alter: {
    unlogged: (to) => alter(to, `set ${to.unlogged ? "unlogged" : "logged"}`),
    inherits: alterParents,
    partition_bound: alterParents,
    detach_pending: (to, from) =>
      to.detach_pending
        ? null
        : `alter table ${from.inherits[0]} detach partition ${ident(to.schema, to.name)} finalize`,
    of_type: (to) => alter(to, to.of_type === null ? "not of" : `of ${to.of_type}`),
    access_method: alterAccessMethod,
    options: (to, from) => changedOptions(from.options, to.options).map((action) => alter(to, action)),
    row_security: (to) => alter(to, `${to.row_security ? "enable" : "disable"} row level security`),
    force_row_security: (to) => alter(to, `${to.force_row_security ? "" : "no "}force row level security`),
  },
});

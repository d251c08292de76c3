import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { changedOptions } from "../options.ts";
import { standsApart } from "../partitioned-index.ts";
import { userSchema } from "../scope.ts";
import type { Place, Statements } from "../statement.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  table: z.string(),
  /** The index, or the constraint, of the partitioned table at the top. */
  root: z.string(),
  /** The one that it is attached to; not compared. */
  attached_to: z.string(),
  /** Where it is not the one that PostgreSQL gives. */
  name: z.string().nullable(),
  /** The one that PostgreSQL gives; not compared. */
  usual: z.string(),
  /** Storage parameters, where they are not those of the index above; these are not compared. */
  options: z.array(z.string()).nullable(),
  options_above: z.array(z.string()),
  /** Statistics targets of its expressions, by column number. */
  statistics: z.record(z.string(), z.number()).nullable(),
  /** Where the index at the top does not make it. */
  definition: z.string().nullable(),
  /** Partitions that would get an index from it by themselves if they came later; not compared. */
  partitions: z.array(z.string()),
});
type AttachedIndex = z.infer<typeof row>;

const START = /^CREATE (UNIQUE )?INDEX /;

const nameOf = (i: AttachedIndex): string => i.name ?? i.usual;

const alter = (i: AttachedIndex, action: string, name = nameOf(i)): string =>
  `alter index ${ident(i.schema, name)} ${action}`;

const rename = (i: AttachedIndex, from: string): string[] =>
  from === nameOf(i) ? [] : [alter(i, `rename to ${ident(nameOf(i))}`, from)];

const setStatistics = (i: AttachedIndex, targets: AttachedIndex["statistics"]): string[] =>
  Object.entries(targets ?? {}).map(([column, target]) =>
    alter(i, `alter column ${column} set statistics ${target}`),
  );

const resetStatistics = (i: AttachedIndex, targets: AttachedIndex["statistics"]): string[] =>
  setStatistics(i, Object.fromEntries(Object.keys(targets ?? {}).map((column) => [column, -1])));

const setOptions = (i: AttachedIndex, from: AttachedIndex["options"], to: AttachedIndex["options"]) =>
  changedOptions(from ?? i.options_above, to ?? i.options_above).map((action) => alter(i, action));

function create(i: AttachedIndex, { online, fresh }: Place): Statements {
  if (i.definition === null)
    return [...rename(i, i.usual), ...setOptions(i, null, i.options), ...setStatistics(i, i.statistics)];
  const concurrently = online && !fresh && !i.definition.includes(" ON ONLY ");
  const build = i.definition.replace(
    START,
    (start) => `${start.toLowerCase()}${concurrently ? "concurrently " : ""}`,
  );
  return [
    concurrently ? { sql: build, transaction: "none" } : build,
    `alter index ${i.attached_to} attach partition ${ident(i.schema, nameOf(i))}`,
    ...setStatistics(i, i.statistics),
  ];
}

/** Back to what the index above makes; one that it does not make goes with it. */
const drop = (i: AttachedIndex): string[] =>
  i.definition === null
    ? [
        ...resetStatistics(i, i.statistics),
        ...setOptions(i, i.options, null),
        ...rename({ ...i, name: null }, nameOf(i)),
      ]
    : [];

/** Too long a name is shortened in the longer one of its parts. */
const usualName = sql.raw(`
  left(t.relname, x.room - x.width)
    || case when x.columns is null then '' else '_' || left(x.columns, x.width) end || '_' || x.ending`);

/** The index of a partition, attached to one of the partitioned table, where it differs from what that one makes. */
export const attachedIndex: Kind<AttachedIndex> = defineKind({
  name: "attached-index",
  catalog: "pg_class",
  key: ["schema", "table", "root"],
  label: (i) => `${ident(i.schema, i.table)} of ${i.root}`,
  row,
  query: () => sql`
    with attached as (
      select c.oid, i.indrelid as of_oid, n.nspname as schema, t.relname as table,
        pg_partition_root(c.oid)::text as root, h.inhparent::regclass::text as attached_to, c.relname as index,
        ${usualName} as usual,
        array(select unnest(c.reloptions) order by 1) as options,
        array(select unnest(above.reloptions) order by 1) as options_above,
        case when i.indexprs is not null then (
          select jsonb_object_agg(a.attnum, a.attstattarget) from pg_attribute a
          where a.attrelid = c.oid and a.attstattarget >= 0) end as statistics,
        case when ${standsApart("pg_partition_root(c.oid)")}
          then pg_get_indexdef(c.oid) end as definition,
        array(select p.inhrelid::regclass::text from pg_inherits p where p.inhparent = i.indrelid) as partitions
      from pg_class c join pg_inherits h on h.inhrelid = c.oid join pg_class above on above.oid = h.inhparent
        join pg_index i on i.indexrelid = c.oid
        join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
        left join pg_constraint k on k.conindid = c.oid and k.contype in ('p', 'u', 'x')
        cross join lateral (
          select case k.contype when 'p' then 'pkey' when 'u' then 'key' when 'x' then 'excl' else 'idx' end as ending,
            case when k.contype is distinct from 'p' then (select string_agg(a.attname, '_' order by a.attnum)
              from pg_attribute a where a.attrelid = above.oid) end as columns) y
        cross join lateral (
          select y.*, z.room, case when y.columns is null then 0
              else least(length(y.columns), greatest(z.room - length(t.relname), z.room / 2)) end as width
          from (select 62 - length(y.ending) - case when y.columns is null then 0 else 1 end as room) z) x
      where c.relkind in ('i', 'I') and c.relispartition and ${userSchema}
    )
    select oid, of_oid, schema, "table", root, attached_to, usual, options_above, statistics, definition, partitions,
      case when definition is not null or not starts_with(index, usual)
        or substr(index, length(usual) + 1) !~ '^[0-9]*$' then index end as name,
      case when options <> options_above then options end as options
    from attached
    where definition is not null or statistics is not null or options <> options_above
      or not starts_with(index, usual) or substr(index, length(usual) + 1) !~ '^[0-9]*$'`,
  within: (i) => i.of,
  same: { attached_to: () => true, usual: () => true, options_above: () => true, partitions: () => true },
  needs: (i) => (i.definition === null ? [] : i.partitions.map((partition) => `table ${partition}`)),
  needsNamed: (i) => [i.root, i.attached_to],
  occupies: (i) => (i.name === null ? [] : [ident(i.schema, i.name)]),
  create,
  drop,
  rename: (i, name) => alter(i, `rename to ${ident(name)}`),
  alter: {
    name: (to, from) => rename(to, nameOf(from)),
    options: (to, from) => setOptions(to, from.options, to.options),
    statistics: (to, from) => [...resetStatistics(to, from.statistics), ...setStatistics(to, to.statistics)],
  },
});

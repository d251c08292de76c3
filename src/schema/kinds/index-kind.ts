import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsApart } from "../partitioned-index.ts";
import { userSchema } from "../scope.ts";
import { newName } from "../other-name.ts";
import { type Place, type Statements, statementsOf } from "../statement.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  name: z.string(),
  definition: z.string(),
  /** Of a partitioned table: it holds nothing itself. */
  partitioned: z.boolean(),
  /** False after a failed concurrent build, and of a partitioned index that lacks a partition's. */
  valid: z.boolean(),
  /** Of one that does not make those of the partitions, whether each has one attached; null of any other. */
  partitions: z.record(z.string(), z.boolean()).nullable(),
  /** Constraints of partitions whose indexes a partitioned one takes over when they are there before it. */
  over: z.array(z.string()),
  /** Statistics targets of its expressions, by column number. */
  statistics: z.record(z.string(), z.number()).nullable(),
  table: z.string(),
  /** Actions of its table that chose it; not compared. */
  marks: z.array(z.enum(["cluster on", "replica identity using index"])),
});
type Index = z.infer<typeof row>;

const START = /^CREATE (UNIQUE )?INDEX /;

/** An index of a partitioned table is made on its partitions too, unless it stands apart. */
function create(i: Index, { online, fresh }: Place): Statements {
  const concurrently = online && !fresh && !i.partitioned;
  const definition =
    i.partitioned && i.partitions === null ? i.definition.replace(" ON ONLY ", " ON ") : i.definition;
  const text = definition.replace(
    START,
    (_, unique: string | undefined) =>
      `create ${unique ? "unique " : ""}index ${concurrently ? "concurrently " : ""}`,
  );
  return [concurrently ? { sql: text, transaction: "none" } : text];
}

/** Beside the old one, which stays until the new one has its part; null where neither can be made concurrently. */
function rebuild(to: Index, from: Index, place: Place): Statements | null {
  if (!place.online || to.partitioned || from.partitioned) return null;
  const name = newName(to.name);
  return [
    ...statementsOf(create(to, place)).map(({ sql: text }) => ({
      sql: text.replace(` ${ident(to.name)} ON `, () => ` ${ident(name)} ON `),
      transaction: "none" as const,
    })),
    ...to.marks
      .filter((mark) => from.marks.includes(mark))
      .map((mark) => `alter table ${to.table} ${mark} ${ident(name)}`),
    { sql: `drop index concurrently ${ident(from.schema, from.name)}`, transaction: "none" },
    `alter index ${ident(to.schema, name)} rename to ${ident(to.name)}`,
    ...setStatistics(to, to.statistics),
  ];
}
/** Attached indexes are never detached, and a new partition gets one by itself. */
const isFilledUp = (to: Index["partitions"], from: Index["partitions"]): boolean =>
  to !== null &&
  from !== null &&
  Object.keys(to).length === Object.keys(from).length &&
  Object.entries(from).every(([partition, attached]) => partition in to && (to[partition] || !attached));

const setStatistics = (i: Index, targets: Index["statistics"]): string[] =>
  Object.entries(targets ?? {}).map(
    ([column, target]) =>
      `alter index ${ident(i.schema, i.name)} alter column ${column} set statistics ${target}`,
  );

/** Those behind constraints belong to the constraint, those attached to a partitioned index to that one. */
export const index: Kind<Index> = defineKind({
  name: "index",
  catalog: "pg_class",
  key: ["schema", "name"],
  label: (i) => ident(i.schema, i.name),
  drift: { counted: "indexes" },
  row,
  query: () => sql`
    select c.oid, i.indrelid as of_oid, n.nspname as schema, c.relname as name,
      pg_get_indexdef(c.oid) as definition, c.relkind = 'I' as partitioned, i.indisvalid as valid,
      case when c.relkind = 'I' and ${standsApart("c.oid")} then (
        select coalesce(jsonb_object_agg(p.inhrelid::regclass, exists (
          select from pg_inherits h join pg_index ai on ai.indexrelid = h.inhrelid
          where h.inhparent = c.oid and ai.indrelid = p.inhrelid)), '{}')
        from pg_inherits p where p.inhparent = i.indrelid) end as partitions,
      case when c.relkind = 'I' then array(select t.relid::regclass::text from pg_partition_tree(c.oid) t
        join pg_constraint k on k.conindid = t.relid and k.contype in ('p', 'u', 'x') order by 1) else '{}' end as over,
      case when i.indexprs is not null then (
        select jsonb_object_agg(a.attnum, a.attstattarget) from pg_attribute a
        where a.attrelid = c.oid and a.attstattarget >= 0) end as statistics,
      i.indrelid::regclass::text as table, array_remove(array[
        case when i.indisclustered then 'cluster on' end,
        case when i.indisreplident then 'replica identity using index' end], null) as marks
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    where not c.relispartition and ${userSchema} and not exists (
      select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))`,
  within: (i) => i.of,
  needs: (i) => Object.keys(i.partitions ?? {}).map((partition) => `table ${partition}`),
  takesOver: (i) => i.over,
  same: { over: () => true, table: () => true, marks: () => true },
  create,
  finish: (i) => setStatistics(i, i.statistics),
  drop: (i, { online }) =>
    online && !i.partitioned
      ? [{ sql: `drop index concurrently ${ident(i.schema, i.name)}`, transaction: "none" }]
      : `drop index ${ident(i.schema, i.name)}`,
  alter: {
    partitions: (to, from) => (isFilledUp(to.partitions, from.partitions) ? [] : null),
    definition: rebuild,
    valid: rebuild,
    statistics: (to, from) => [
      ...setStatistics(
        to,
        Object.fromEntries(Object.keys(from.statistics ?? {}).map((column) => [column, -1])),
      ),
      ...setStatistics(to, to.statistics),
    ],
  },
  occupies: (i) => [ident(i.schema, i.name)],
  rename: (i, name) => `alter index ${ident(i.schema, i.name)} rename to ${ident(name)}`,
  carried: true,
  disturbs: ["definition", "valid"],
});

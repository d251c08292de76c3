import * as z from "zod";
import { ident, type Sql, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { userSchema } from "../scope.ts";
import type { Place, Statements } from "../statement.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  name: z.string(),
  definition: z.string(),
  /** Of a partitioned table: it holds nothing itself. */
  partitioned: z.boolean(),
  /** False after a failed concurrent build, and of a partitioned index that lacks a partition's. */
  valid: z.boolean(),
  /** The partitioned index without all of its partitions' that this one was attached to. */
  attached_to: z.string().nullable(),
  /** What is attached to one that lacks others; all of it goes when that is dropped. */
  attached: z.array(z.string()),
  /** Of the table of one that lacks some: each would get an index of its own if it came later. */
  partitions: z.array(z.string()),
  /** Constraints of partitions whose indexes a partitioned one takes over when they are there before it. */
  over: z.array(z.string()),
  /** Statistics targets of its expressions, by column number. */
  statistics: z.record(z.string(), z.number()).nullable(),
});
type Index = z.infer<typeof row>;

const START = /^CREATE (UNIQUE )?INDEX /;

/** Names of the children of a relation, where the index is a partitioned one that lacks some. */
const ofIncomplete = (parent: string): Sql =>
  sql.raw(`array(select child.inhrelid::regclass::text from pg_inherits child
    where c.relkind = 'I' and not i.indisvalid and child.inhparent = ${parent} order by 1)`);

/** An index of a partitioned table is made on its partitions too, unless it was left incomplete. */
function create(i: Index, { online, fresh }: Place): Statements {
  const concurrently = online && !fresh && !i.partitioned;
  const definition = i.partitioned && i.valid ? i.definition.replace(" ON ONLY ", " ON ") : i.definition;
  const text = definition.replace(
    START,
    (_, unique: string | undefined) =>
      `create ${unique ? "unique " : ""}index ${concurrently ? "concurrently " : ""}`,
  );
  return [concurrently ? { sql: text, transaction: "none" } : text];
}

/** One that is attached goes with what it is attached to. */
function drop(i: Index, { online }: Place): Statements {
  const name = ident(i.schema, i.name);
  if (i.attached_to !== null) return [];
  if (!online || i.partitioned) return `drop index ${name}`;
  return [{ sql: `drop index concurrently ${name}`, transaction: "none" }];
}

const setStatistics = (i: Index, targets: Index["statistics"]): string[] =>
  Object.entries(targets ?? {}).map(
    ([column, target]) =>
      `alter index ${ident(i.schema, i.name)} alter column ${column} set statistics ${target}`,
  );

const attach = (i: Index): string[] =>
  i.attached_to === null ? [] : [`alter index ${i.attached_to} attach partition ${ident(i.schema, i.name)}`];

/** Those behind constraints belong to the constraint, those attached to a complete partitioned index to that one. */
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
      up.indexrelid::regclass::text as attached_to,
      ${ofIncomplete("c.oid")} as attached, ${ofIncomplete("i.indrelid")} as partitions,
      case when c.relkind = 'I' then array(select t.relid::regclass::text from pg_partition_tree(c.oid) t
        join pg_constraint k on k.conindid = t.relid and k.contype in ('p', 'u', 'x') order by 1) else '{}' end as over,
      case when i.indexprs is not null then (
        select jsonb_object_agg(a.attnum, a.attstattarget) from pg_attribute a
        where a.attrelid = c.oid and a.attstattarget >= 0) end as statistics
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
      left join pg_inherits h on c.relispartition and h.inhrelid = c.oid
      left join pg_index up on up.indexrelid = h.inhparent
    where up.indisvalid is not true and ${userSchema} and not exists (
      select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))`,
  within: (i) => i.of,
  needsNamed: (i) => i.partitions,
  takesOver: (i) => i.over,
  same: { partitions: () => true, over: () => true },
  create,
  finish: (i) => [...setStatistics(i, i.statistics), ...attach(i)],
  drop,
  alter: {
    attached_to: (to, from) => (from.attached_to === null ? attach(to) : null),
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
});

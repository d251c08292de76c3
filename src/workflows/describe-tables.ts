import * as z from "zod";
import type { Connection } from "../pg/connection.ts";
import { OUR_TABLES, standsAlone, userSchema } from "../schema/scope.ts";
import { sql } from "../sql/tag.ts";

const columnSchema = z.object({
  name: z.string(),
  pg_type: z.string().describe("As format_type: with length and precision"),
  nullable: z.boolean(),
  is_primary_key: z.boolean(),
});

const foreignKeySchema = z.object({
  constraint: z.string(),
  from_schema: z.string(),
  from_table: z.string(),
  to_schema: z.string(),
  to_table: z.string(),
  via_column: z.string().describe("In the table that refers"),
  on_column: z.string().describe("In the table that is referred to"),
});

export const tableSchema = z.object({
  schema: z.string(),
  name: z.string(),
  columns: z.array(columnSchema),
  outbound_fks: z.array(foreignKeySchema).describe("One entry per column of each foreign key"),
  inbound_fks: z.array(foreignKeySchema).describe("The same for foreign keys of any table to this one"),
  hints: z
    .object({
      surrogate_pk: z.string().nullable().describe("The one primary key column, when the database fills it"),
      natural_id: z.string().nullable().describe("Another column that is unique and never null; `id` first"),
    })
    .nullable()
    .describe("null where neither is found, or under --no-hints"),
});

export type TableDescription = z.infer<typeof tableSchema>;

export interface TableSelection {
  /** Undefined for every schema. */
  readonly schemas: readonly string[] | undefined;
  /** What table names begin with. */
  readonly prefix: string;
  readonly hints: boolean;
  /** Tables to leave out, as `schema.name`. */
  readonly ours: readonly string[];
}

/** Tables, partitioned and foreign ones too, with their columns and foreign keys, by schema and name. */
export async function describeTables(db: Connection, selection: TableSelection): Promise<TableDescription[]> {
  const { schemas, prefix, hints, ours } = selection;
  const rows = await db.rows<{ description: TableDescription }>(sql`
    with foreign_key as (
      select k.conrelid, k.confrelid, k.conname, pair.position, json_build_object('constraint', k.conname,
        'from_schema', fn.nspname, 'from_table', fc.relname, 'to_schema', tn.nspname, 'to_table', tc.relname,
        'via_column', via.attname, 'on_column', aim.attname) as entry
      from pg_catalog.pg_constraint k
        join pg_catalog.pg_class fc on fc.oid = k.conrelid join pg_catalog.pg_namespace fn on fn.oid = fc.relnamespace
        join pg_catalog.pg_class tc on tc.oid = k.confrelid join pg_catalog.pg_namespace tn on tn.oid = tc.relnamespace
        cross join unnest(k.conkey, k.confkey) with ordinality as pair (via, aim, position)
        join pg_catalog.pg_attribute via on via.attrelid = k.conrelid and via.attnum = pair.via
        join pg_catalog.pg_attribute aim on aim.attrelid = k.confrelid and aim.attnum = pair.aim
      where k.contype = 'f' and k.conparentid = 0
    ), sole as ( -- columns that alone identify a row
      select i.indrelid, i.indkey[0] as attnum, i.indisprimary as is_primary
      from pg_catalog.pg_index i
      where i.indisunique and i.indisvalid and i.indnkeyatts = 1 and i.indkey[0] <> 0 and i.indpred is null
    )
    select json_build_object('schema', n.nspname, 'name', c.relname,
      'columns', (select coalesce(json_agg(json_build_object('name', a.attname,
          'pg_type', format_type(a.atttypid, a.atttypmod), 'nullable', not a.attnotnull,
          'is_primary_key', coalesce(a.attnum = any (primary_key.conkey), false)) order by a.attnum), '[]')
        from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
      'outbound_fks', (select coalesce(json_agg(f.entry order by f.conname, f.position), '[]')
        from foreign_key f where f.conrelid = c.oid),
      'inbound_fks', (select coalesce(json_agg(f.entry order by f.entry->>'from_schema', f.entry->>'from_table',
          f.conname, f.position), '[]')
        from foreign_key f where f.confrelid = c.oid),
      'hints', case when ${hints} and (surrogate.name is not null or natural_id.name is not null)
        then json_build_object('surrogate_pk', surrogate.name, 'natural_id', natural_id.name) end) as description
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      left join pg_catalog.pg_constraint primary_key on primary_key.conrelid = c.oid and primary_key.contype = 'p'
      left join lateral (select a.attname as name from sole s
        join pg_catalog.pg_attribute a on a.attrelid = s.indrelid and a.attnum = s.attnum
        where s.indrelid = c.oid and s.is_primary and (a.attidentity <> '' or a.atthasdef)) surrogate on true
      left join lateral (select a.attname as name from sole s
        join pg_catalog.pg_attribute a on a.attrelid = s.indrelid and a.attnum = s.attnum
        where s.indrelid = c.oid and not s.is_primary and a.attnotnull
          and not exists (select from sole p where p.indrelid = s.indrelid and p.attnum = s.attnum and p.is_primary)
        order by a.attname <> 'id', a.attnum limit 1) natural_id on true
    where c.relkind in ('r', 'p', 'f') and ${userSchema} and ${standsAlone("pg_class", "c")}
      and (${schemas === undefined} or n.nspname = any (${[...(schemas ?? [])]}::text[]))
      and starts_with(c.relname, ${prefix})
      and c.relname <> all (${[...OUR_TABLES]}::text[])
      and n.nspname || '.' || c.relname <> all (${[...ours]}::text[])
    order by n.nspname, c.relname`);
  return rows.map(({ description }) => description);
}

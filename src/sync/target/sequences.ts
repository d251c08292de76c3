import type { Connection } from "../../pg/connection.ts";
import { ident, sql } from "../../sql/tag.ts";
import { columnKey } from "../joined-columns.ts";

/** A sequence that gives values to columns. */
export interface ColumnSequence {
  /** Qualified and quoted. */
  readonly name: string;
  readonly lastValue: string;
  readonly isCalled: boolean;
  readonly increment: string;
  /** `schema.table.column` of each column. */
  readonly columns: readonly string[];
}

/** The sequences of defaults and identity columns of the tables, read on the source. */
export async function readSequences(db: Connection, tableOids: readonly number[]): Promise<ColumnSequence[]> {
  const rows = await db.rows<{
    schema: string;
    name: string;
    increment: string;
    columns: [string, string, string][];
  }>(sql`
    with used as (
      select d.objid as seq, d.refobjid as tab, d.refobjsubid as col from pg_depend d
      where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
      union
      select d.refobjid, f.adrelid, f.adnum from pg_depend d join pg_attrdef f on f.oid = d.objid
      where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass
    )
    select n.nspname as schema, c.relname as name, s.seqincrement::text as increment,
      json_agg(json_build_array(tn.nspname, t.relname, a.attname)) as columns
    from used u join pg_class c on c.oid = u.seq and c.relkind = 'S' join pg_namespace n on n.oid = c.relnamespace
      join pg_sequence s on s.seqrelid = c.oid
      join pg_class t on t.oid = u.tab join pg_namespace tn on tn.oid = t.relnamespace
      join pg_attribute a on a.attrelid = t.oid and a.attnum = u.col
    where u.tab = any (${[...tableOids]}::oid[])
    group by n.nspname, c.relname, s.seqincrement order by 1, 2`);
  const sequences: ColumnSequence[] = [];
  for (const { schema, name, increment, columns } of rows) {
    const quoted = ident(schema, name);
    const [state] = await db.rows<{ last: string; called: boolean }>(
      sql`select last_value::text as last, is_called as called from ${sql.raw(quoted)}`,
    );
    sequences.push({
      name: quoted,
      increment,
      lastValue: state!.last,
      isCalled: state!.called,
      columns: columns.map(([tableSchema, table, column]) => columnKey(ident(tableSchema, table), column)),
    });
  }
  return sequences;
}

/**
 * Set the sequences of the target, where they have the same names, as they stand at the source; where a column was
 * masked, past its largest value. Gives the names of those that the target does not have.
 */
export async function setSequences(
  db: Connection,
  sequences: readonly ColumnSequence[],
  masked: ReadonlyMap<string, { readonly table: string; readonly column: string }>,
): Promise<string[]> {
  const missing: string[] = [];
  for (const { name, lastValue, isCalled, increment, columns } of sequences) {
    const [there] = await db.rows<{ is: boolean }>(sql`select to_regclass(${name}) is not null as is`);
    if (!there?.is) {
      missing.push(name);
      continue;
    }
    await db.run(sql`select setval(${name}::regclass, ${lastValue}::int8, ${isCalled})`);
    for (const key of columns) {
      const place = masked.get(key);
      if (place === undefined || increment.startsWith("-")) continue;
      const column = ident(place.column);
      await db.run(
        sql.raw(`select setval('${name.replaceAll("'", "''")}'::regclass, max(${column})::int8)
        from ${place.table} having max(${column})::int8 > (select last_value from ${name})`),
      );
    }
  }
  return missing;
}

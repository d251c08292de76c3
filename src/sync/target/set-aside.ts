import type { Connection } from "../../pg/connection.ts";
import { sql } from "../../sql/tag.ts";
import type { SyncTable } from "../catalog.ts";

/** What stands in the way of a load: statements that take it away, and those that make it again. */
export interface SetAside {
  readonly remove: readonly string[];
  /** In the order in which they are to run. */
  readonly restore: readonly string[];
}

interface Row {
  readonly remove: string;
  readonly restore: readonly string[];
}

/**
 * Foreign keys of the tables and to them, triggers and rules, and of large ones indexes and unique constraints, which
 * are built faster after the load. Nothing outside of the tables may refer to any of them.
 * An index stays where something else depends on it, or where its definition does not say all of it; those of partitioned tables stay.
 */
export async function planSetAside(
  db: Connection,
  tables: readonly SyncTable[],
  largeTables: readonly SyncTable[],
): Promise<SetAside> {
  const oids = tables.map(({ oid }) => oid);
  const large = largeTables.filter(({ isPartitioned }) => !isPartitioned).map(({ oid }) => oid);
  const [switches, keys, constraints, indexes] = await Promise.all([
    db.rows<Row>(triggersAndRules(oids)),
    db.rows<Row>(foreignKeys(oids)),
    db.rows<Row>(uniqueConstraints(large)),
    db.rows<Row>(plainIndexes(large)),
  ]);
  const all = [...switches, ...keys, ...constraints, ...indexes];
  return {
    remove: all.map(({ remove }) => remove),
    restore: [...indexes, ...constraints, ...keys, ...switches].flatMap(({ restore }) => restore),
  };
}

/** The tables with all that is below them. */
const members = (oids: readonly number[]) => sql`
  members as (
    select oid::regclass as oid, oid::regclass as root, 0 as level from unnest(${[...oids]}::oid[]) oid
    union
    select t.relid, o.oid::regclass, t.level from unnest(${[...oids]}::oid[]) o (oid) cross join pg_partition_tree(o.oid) t
  )`;

/** States are set from the top down, as a parent hands its own on to its partitions. */
const triggersAndRules = (oids: readonly number[]) => sql`
  with ${members(oids)}, found as (
    select m.oid, m.level, t.tgname::text as name, 'trigger' as what, t.tgenabled as state
    from members m join pg_trigger t on t.tgrelid = m.oid where not t.tgisinternal
    union all
    select m.oid, m.level, r.rulename, 'rule', r.ev_enabled
    from members m join pg_rewrite r on r.ev_class = m.oid where r.ev_type <> '1'
  )
  select format('alter table %s disable %s %I', oid, what, name) as remove,
    array[format('alter table %s enable %s %s %I', oid, case state when 'A' then 'always' when 'R' then 'replica' else '' end,
      what, name)] as restore
  from found where state <> 'D' order by level, oid, what, name`;

const foreignKeys = (oids: readonly number[]) => sql`
  with ${members(oids)}
  select format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname) as remove,
    array_remove(array[
      format('alter table %s add constraint %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid)),
      format('comment on constraint %I on %s is %L', k.conname, k.conrelid::regclass,
        nullif(obj_description(k.oid, 'pg_constraint'), ''))
    ], format('comment on constraint %I on %s is %L', k.conname, k.conrelid::regclass, null)) as restore
  from pg_constraint k
  where k.contype = 'f' and k.conparentid = 0
    and (k.conrelid in (select oid from members) or k.confrelid in (select oid from members))
  order by k.conrelid::regclass::text, k.conname`;

/** An index of which its definition says all, and on which nothing depends but what is told. */
const isToldByDefinition = sql`
  i.indisvalid and i.indisready and not i.indisclustered and not i.indisreplident
  and c.reltablespace = 0 and obj_description(c.oid, 'pg_class') is null
  and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attstattarget >= 0)
  and not exists (select from pg_inherits h where h.inhrelid = c.oid)
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
    and d.deptype in ('e', 'x'))`;

const uniqueConstraints = (oids: readonly number[]) => sql`
  select format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname) as remove,
    array[format('alter table %s add constraint %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))]
      as restore
  from pg_constraint k join pg_index i on i.indexrelid = k.conindid join pg_class c on c.oid = k.conindid
  where k.conrelid = any (${[...oids]}::oid[]) and k.contype in ('p', 'u') and ${isToldByDefinition}
    and c.reloptions is null and obj_description(k.oid, 'pg_constraint') is null
    and not exists (select from pg_depend d where d.refclassid = 'pg_constraint'::regclass and d.refobjid = k.oid
      and not (d.classid = 'pg_class'::regclass and d.objid = k.conindid)
      and d.classid <> 'pg_constraint'::regclass)
    and not exists (select from pg_depend d where d.refclassid = 'pg_class'::regclass and d.refobjid = k.conindid
      and not (d.classid = 'pg_constraint'::regclass and exists (
        select from pg_constraint f where f.oid = d.objid and f.contype = 'f')))
  order by k.conrelid::regclass::text, k.conname`;

const plainIndexes = (oids: readonly number[]) => sql`
  select format('drop index %s', c.oid::regclass) as remove, array[pg_get_indexdef(c.oid)] as restore
  from pg_index i join pg_class c on c.oid = i.indexrelid
  where i.indrelid = any (${[...oids]}::oid[]) and ${isToldByDefinition}
    and not exists (select from pg_constraint k where k.conindid = c.oid)
    and not exists (select from pg_depend d where d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid)
  order by c.oid::regclass::text`;

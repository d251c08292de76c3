import * as z from "zod";
import { ident, type Sql, sql } from "../sql/tag.ts";
import type { Place } from "./statement.ts";

/** What a comment or the like is on. */
export const described = z.object({
  of: z.string(),
  /** Set when it is on a column, which `of` names itself where columns are objects. */
  column: z.string().nullable(),
  /** Set when it is on what came with the object: `index public.users_pkey` of a primary key. */
  part: z.string().nullable(),
  /** The partitioned index that made the one it is on; not compared. */
  attached_to: z.string().nullable(),
});
type Described = z.infer<typeof described>;
type Named = Omit<Described, "attached_to">;

const isOnColumn = (of: string) => of.startsWith("column ");

export const describedLabel = ({ of, column, part }: Named): string =>
  [of, column !== null && !isOnColumn(of) ? `column ${ident(column)}` : [], part ?? []].flat().join(" ");

/** As COMMENT ON names it. */
export function describedAddress({ of, column, part }: Named, place: Place): string {
  if (part !== null) return part;
  if (column === null || isOnColumn(of)) return place.address(of);
  const row = place.rowOf(of);
  return `column ${ident(String(row?.["schema"]), String(row?.["name"]), column)}`;
}

/** The sequence behind an identity column comes with what makes it one. */
export const describedNeeds = ({ of, part }: Described): string[] =>
  part?.startsWith("sequence ") && isOnColumn(of) ? [`identity ${of.slice("column ".length)}`] : [];

/** An attached index may have a name of its own, besides the one at the top. */
export const describedNames = ({ part, attached_to }: Described): string[] =>
  attached_to === null ? [] : [attached_to, part?.slice("index ".length) ?? ""];

/** Attributes and address for `d`, a row of pg_description or pg_seclabel, with the joins below. */
export const describedAs: Sql = sql`
  null::oid as oid,
  case when c.relkind = 'c' or k.contypid <> 0 then 'pg_type' when ik.oid is not null then 'pg_constraint'
    when k.oid is not null then 'pg_class' else d.classoid::regclass::text end as of_catalog,
  case when c.relkind = 'c' then c.reltype when k.contypid <> 0 then k.contypid
    else coalesce(ik.oid, k.conrelid, i.indrelid, s.refobjid, d.objoid) end as of_oid,
  coalesce(s.refobjsubid, d.objsubid) as of_sub,
  a.attname as column,
  case when i.indexrelid is not null then pg_partition_root(i.indexrelid)::text end as attached_to,
  case when k.oid is not null then concat_ws(' ', 'constraint', quote_ident(k.conname), 'on',
      case when k.contypid <> 0 then 'domain ' || k.contypid::regtype else k.conrelid::regclass::text end)
    when coalesce(ik.oid, i.indrelid) is not null then 'index ' || c.oid::regclass
    when s.refobjid is not null then 'sequence ' || c.oid::regclass end as part`;

/**
 * Finds what has no row of its own: indexes behind constraints and those attached to a partitioned one, sequences
 * behind identity columns, and the not-null constraints of domains and foreign tables, catalogued since PostgreSQL 18.
 */
export const describedJoins: Sql = sql`
  left join pg_class c on d.classoid = 'pg_class'::regclass and c.oid = d.objoid
  left join pg_attribute a on d.objsubid > 0 and a.attrelid = c.oid and a.attnum = d.objsubid
  left join pg_constraint k on d.classoid = 'pg_constraint'::regclass and k.oid = d.objoid and k.contype = 'n'
    and (k.contypid <> 0 or (select t.relkind = 'f' from pg_class t where t.oid = k.conrelid))
  left join pg_constraint ik on c.relkind in ('i', 'I') and ik.conindid = c.oid and ik.contype in ('p', 'u', 'x')
    and ik.conislocal and ik.conparentid = 0
  left join pg_index i on c.relkind in ('i', 'I') and c.relispartition and ik.oid is null and i.indexrelid = c.oid
  left join pg_depend s on c.relkind = 'S' and s.classid = 'pg_class'::regclass and s.objid = c.oid
    and s.objsubid = 0 and s.refclassid = 'pg_class'::regclass and s.deptype = 'i'`;

import type { Connection } from "../pg/connection.ts";
import { OUR_TABLES, userSchema } from "../schema/scope.ts";
import { ident, sql } from "../sql/tag.ts";

export interface SyncColumn {
  readonly name: string;
  /** As format_type writes it; e.g. `character varying(80)[]`. */
  readonly sqlType: string;
  /** Of the element of an array and below a domain, as in pg_type.typname. */
  readonly baseType: string;
  /** Oid of the base type; below 16384 it is the same on every server. */
  readonly baseTypeOid: number;
  readonly isArray: boolean;
  readonly isDomain: boolean;
  readonly maxLength: number | null;
  readonly precision: number | null;
  readonly scale: number | null;
  /** Of an enum, else empty. */
  readonly labels: readonly string[];
  readonly isNullable: boolean;
  /** A row without it gets a value, or NULL. */
  readonly isOptional: boolean;
  /** PostgreSQL computes it; it is not copied. */
  readonly isGenerated: boolean;
  /** Part of a unique or exclusion index, by itself or in an expression. */
  readonly isUnique: boolean;
}

/** What is read from on the source: a table, or a partition that has rows of its own. */
export interface Leaf {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly pages: number;
  readonly fileNode: number;
}

/** A table of a database; a partitioned one with all its partitions. */
export interface SyncTable {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly isPartitioned: boolean;
  /** As the statistics have it; null when the table was never analysed. */
  readonly estimatedRows: number | null;
  readonly bytes: number;
  /** Names of its columns; empty where there is none. */
  readonly primaryKey: readonly string[];
  readonly columns: readonly SyncColumn[];
  readonly leaves: readonly Leaf[];
}

export interface ForeignKey {
  readonly name: string;
  /** Qualified, as `tableKey` gives it. */
  readonly from: string;
  readonly columns: readonly string[];
  readonly to: string;
  readonly toColumns: readonly string[];
  /** One for each pair of columns. */
  readonly comparisons: readonly KeyComparison[];
  /** Of a key of one partition: the oids of what holds its rows; null for a key of the whole table. */
  readonly fromLeaves: readonly number[] | null;
  /** The same where it refers to one partition. */
  readonly toLeaves: readonly number[] | null;
  /** With PERIOD, so that one row may refer to several. */
  readonly isTemporal: boolean;
}

/** How PostgreSQL itself compares two columns of a key, whatever the search path. */
export interface KeyComparison {
  /** `operator(schema.=)`, with the column that is referred to on its left. */
  readonly operator: string;
  /** What the referring column is cast to for it; null where it is of that type. */
  readonly cast: string | null;
  readonly toCast: string | null;
  /** Of the column that is referred to, where the other has another one. */
  readonly collation: string | null;
}

/** How a table is named in rules, results and messages. */
export const tableKey = (table: { readonly schema: string; readonly name: string }): string =>
  ident(table.schema, table.name);

/** Tables of the user's schemas that are partitions of none and belong to no extension; `ours` are left out. */
export async function readTables(db: Connection, ours: readonly string[]): Promise<SyncTable[]> {
  return db
    .rows<{ table: SyncTable }>(sql`
    with root as (
      select c.oid, n.nspname, c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't' and ${userSchema}
        and c.relname <> all (${[...OUR_TABLES]}::text[])
        and not exists (select from unnest(${[...ours]}::text[]) name where to_regclass(name) = c.oid)
        and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
          and d.deptype = 'e')
    ), leaf as (
      select root.oid as root, l.oid, n.nspname, l.relname, l.reltuples, l.reltoastrelid,
        coalesce(pg_relation_filenode(l.oid), 0) as file_node,
        coalesce(pg_relation_size(l.oid), 0) as heap_bytes
      from root cross join lateral (
          select root.oid as relid where root.relkind = 'r'
          union all select relid from pg_partition_tree(root.oid) where root.relkind = 'p' and isleaf
        ) member
        join pg_class l on l.oid = member.relid join pg_namespace n on n.oid = l.relnamespace
      where l.relkind in ('r', 'f')
    ), unique_column as (
      select coalesce(pg_partition_root(i.indrelid), i.indrelid) as root, a.attname
      from pg_index i join pg_attribute a on a.attrelid = i.indrelid
      where (i.indisunique or i.indisexclusion) and (a.attnum = any (i.indkey[0:i.indnkeyatts - 1]) or exists (
        select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid
          and d.refclassid = 'pg_class'::regclass and d.refobjid = a.attrelid and d.refobjsubid = a.attnum
          and 0 = any (i.indkey[0:i.indnkeyatts - 1])))
    )
    select json_build_object(
      'oid', root.oid::int8, 'schema', root.nspname, 'name', root.relname, 'isPartitioned', root.relkind = 'p',
      'estimatedRows', size.rows, 'bytes', size.bytes,
      'primaryKey', coalesce((select json_agg(a.attname order by p.place)
        from pg_constraint k cross join unnest(k.conkey) with ordinality p (attnum, place)
          join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.attnum
        where k.conrelid = root.oid and k.contype = 'p'), '[]'::json),
      'columns', coalesce(columns.list, '[]'::json), 'leaves', coalesce(size.leaves, '[]'::json)) as table
    from root
      left join lateral (
        select case when bool_or(reltuples < 0) then null else sum(reltuples)::int8 end as rows,
          sum(heap_bytes + coalesce(pg_relation_size(nullif(reltoastrelid, 0)), 0))::int8 as bytes,
          json_agg(json_build_object('oid', oid::int8, 'schema', nspname, 'name', relname,
            'pages', heap_bytes / current_setting('block_size')::int, 'fileNode', file_node::int8)
            order by nspname, relname) as leaves
        from leaf where leaf.root = root.oid
      ) size on true
      left join lateral (${columnList}) columns on true
    order by root.nspname, root.relname`)
    .then((rows) => rows.map(({ table }) => table));
}

/** Domains and arrays are followed down to what a value is. */
const columnList = sql`
  select json_agg(json_build_object(
      'name', a.attname, 'sqlType', format_type(a.atttypid, a.atttypmod),
      'baseType', base.typname, 'baseTypeOid', base.oid::int8, 'isArray', base.is_array, 'isDomain', base.depth > 0,
      'maxLength', case when base.typname in ('varchar', 'bpchar') and base.typmod > 4 then base.typmod - 4
        when base.typname = 'name' then 63 end,
      'precision', case when base.typname = 'numeric' and base.typmod > 4 then ((base.typmod - 4) >> 16) & 65535 end,
      'scale', case when base.typname = 'numeric' and base.typmod > 4 then (base.typmod - 4) & 2047 end,
      'labels', coalesce((select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e
        where e.enumtypid = base.oid), '[]'::json),
      'isNullable', not a.attnotnull and not base.not_null,
      'isOptional', not (a.attnotnull or base.not_null) or a.atthasdef or a.attidentity <> '',
      'isGenerated', a.attgenerated <> '',
      'isUnique', exists (select from unique_column u where u.root = root.oid and u.attname = a.attname)
    ) order by a.attnum) as list
  from pg_attribute a cross join lateral (
    with recursive type as (
      select t.oid, t.typname, t.typtype, t.typbasetype, t.typelem, t.typcategory, t.typlen, a.atttypmod as typmod,
        false as not_null, false as is_array, 0 as depth
      from pg_type t where t.oid = a.atttypid
      union all
      select t.oid, t.typname, t.typtype, t.typbasetype, t.typelem, t.typcategory, t.typlen,
        case when type.typtype = 'd' then d.typtypmod else type.typmod end,
        type.not_null or (type.typtype = 'd' and d.typnotnull),
        type.is_array or (type.typtype <> 'd'), type.depth + (type.typtype = 'd')::int
      from type join pg_type d on d.oid = type.oid
        join pg_type t on t.oid = case when type.typtype = 'd' then type.typbasetype else type.typelem end
      where type.typtype = 'd' or (type.typcategory = 'A' and type.typelem <> 0 and type.typlen = -1)
    )
    select * from type where not (typtype = 'd' or (typcategory = 'A' and typelem <> 0 and typlen = -1))
  ) base
  where a.attrelid = root.oid and a.attnum > 0 and not a.attisdropped`;

type RawForeignKey = Omit<ForeignKey, "from" | "to"> & {
  readonly from: readonly [string, string];
  readonly to: readonly [string, string];
};

/** Foreign keys between tables of the user's; those that PostgreSQL made for partitions are left out. */
export async function readForeignKeys(db: Connection): Promise<ForeignKey[]> {
  const rows = await db.rows<{ key: RawForeignKey }>(sql`
    select json_build_object(
      'name', k.conname, 'from', json_build_array(n.nspname, c.relname), 'to', json_build_array(rn.nspname, r.relname),
      'columns', (select json_agg(a.attname order by p.place) from unnest(k.conkey) with ordinality p (attnum, place)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.attnum),
      'toColumns', (select json_agg(a.attname order by p.place) from unnest(k.confkey) with ordinality p (attnum, place)
        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = p.attnum),
      'comparisons', (${comparisonList}),
      'fromLeaves', case when c.oid <> k.conrelid then (${leafList("conrelid")}) end,
      'toLeaves', case when r.oid <> k.confrelid then (${leafList("confrelid")}) end,
      'isTemporal', coalesce((to_jsonb(k) ->> 'conperiod')::bool, false)) as key
    from pg_constraint k
      join pg_class c on c.oid = coalesce(pg_partition_root(k.conrelid), k.conrelid)
      join pg_namespace n on n.oid = c.relnamespace
      join pg_class r on r.oid = coalesce(pg_partition_root(k.confrelid), k.confrelid)
      join pg_namespace rn on rn.oid = r.relnamespace
    where k.contype = 'f' and k.conparentid = 0 and ${userSchema}
    order by n.nspname, c.relname, k.conname`);
  return rows.map(({ key: { from, to, ...rest } }) => ({ ...rest, from: ident(...from), to: ident(...to) }));
}

const leafList = (table: string) =>
  sql.raw(`select json_agg(relid::oid::int8 order by relid::oid)
  from pg_partition_tree(k.${table}) where isleaf`);

/** As ri_GenerateQual of PostgreSQL writes them. */
const comparisonList = sql`
  select json_agg(json_build_object(
      'operator', format('operator(%I.%s)', opn.nspname, o.oprname),
      'cast', case when fa.atttypid <> ft.oid and ft.typtype <> 'p' then format('%I.%I', ftn.nspname, ft.typname) end,
      'toCast', case when ta.atttypid <> tt.oid and tt.typtype <> 'p' then format('%I.%I', ttn.nspname, tt.typname) end,
      'collation', case when ta.attcollation <> fa.attcollation then format('%I.%I', cn.nspname, co.collname) end
    ) order by p.place)
  from unnest(k.conkey, k.confkey, k.conpfeqop) with ordinality p (attnum, to_attnum, operator, place)
    join pg_attribute fa on fa.attrelid = k.conrelid and fa.attnum = p.attnum
    join pg_attribute ta on ta.attrelid = k.confrelid and ta.attnum = p.to_attnum
    join pg_operator o on o.oid = p.operator join pg_namespace opn on opn.oid = o.oprnamespace
    join pg_type ft on ft.oid = o.oprright join pg_namespace ftn on ftn.oid = ft.typnamespace
    join pg_type tt on tt.oid = o.oprleft join pg_namespace ttn on ttn.oid = tt.typnamespace
    left join pg_collation co on co.oid = ta.attcollation left join pg_namespace cn on cn.oid = co.collnamespace`;

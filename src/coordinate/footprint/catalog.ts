import type { Connection } from "../../pg/connection.ts";
import { isOurs, userSchema } from "../../schema/scope.ts";
import { sql } from "../../sql/tag.ts";
import { keyOf, wholeOf } from "./objects.ts";
import type { TouchedObject } from "./touch.ts";

/** A database as far as footprints go: what is named how, what depends on what, what code says. */
export interface Catalog {
  /** It has no relation or routine of the user's. */
  readonly isEmpty: boolean;
  /** Schemas in which a name without one is looked for, in order. */
  readonly searchPath: readonly string[];
  /** Whether the database has it. */
  readonly has: (object: TouchedObject) => boolean;
  /** Whether it is an index, which is a relation too. */
  readonly isIndex: (object: TouchedObject) => boolean;
  /** What an object, or one of its parts, depends on directly. */
  readonly dependencies: (object: TouchedObject) => readonly TouchedObject[];
  /** What depends on it directly. */
  readonly dependents: (object: TouchedObject) => readonly TouchedObject[];
  /** The statements that make its routines, where the object is one. */
  readonly routines: (object: TouchedObject) => readonly string[];
  /** Relations that get, or give, rows when rows of it are written: over foreign keys, inheritance and partitions. */
  readonly relatives: (relation: TouchedObject) => readonly TouchedObject[];
  /** Those of which the defaults of its columns take numbers. */
  readonly sequences: (relation: TouchedObject) => readonly TouchedObject[];
  /** Tables that inherit from it, at any depth. */
  readonly heirs: (relation: TouchedObject) => readonly TouchedObject[];
}

interface AddressRow {
  readonly class: number;
  readonly oid: number;
  readonly sub: number;
  readonly type: string;
  readonly schema: string | null;
  readonly name: string;
  readonly part_type: string | null;
  readonly part: string | null;
  readonly definition: string | null;
}

/** Where each object of the user's stands in the catalogs, and how statements name it. */
const ADDRESSES = sql`
  select 'pg_class'::regclass::oid::int8::float8 as class, c.oid::int8::float8 as oid, 0 as sub, 'relation' as type,
    n.nspname as schema, c.relname as name, null as part_type, null as part, null as definition
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid >= 16384
  union all
  select 'pg_class'::regclass::oid::int8::float8, c.oid::int8::float8, a.attnum, 'relation', n.nspname, c.relname, 'column', a.attname, null
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where c.oid >= 16384 and a.attnum > 0 and not a.attisdropped
  union all
  select 'pg_type'::regclass::oid::int8::float8, t.oid::int8::float8, 0, 'type', n.nspname, coalesce(e.typname, t.typname), null, null, null
  from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_type e on e.typarray = t.oid where t.oid >= 16384
  union all
  select 'pg_proc'::regclass::oid::int8::float8, p.oid::int8::float8, 0, 'function', n.nspname, p.proname, null, null,
    case when p.prokind in ('f', 'p') then pg_get_functiondef(p.oid) end
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where p.oid >= 16384 and not exists (
    select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  union all
  select 'pg_constraint'::regclass::oid::int8::float8, k.oid::int8::float8, 0, 'relation', n.nspname, c.relname, 'constraint', k.conname, null
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace where k.oid >= 16384
  union all
  select 'pg_trigger'::regclass::oid::int8::float8, t.oid::int8::float8, 0, 'relation', n.nspname, c.relname, 'trigger', t.tgname, null
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace where not t.tgisinternal
  union all
  select 'pg_policy'::regclass::oid::int8::float8, p.oid::int8::float8, 0, 'relation', n.nspname, c.relname, 'policy', p.polname, null
  from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
  union all
  select 'pg_rewrite'::regclass::oid::int8::float8, r.oid::int8::float8, 0, 'relation', n.nspname, c.relname,
    case when r.rulename <> '_RETURN' then 'rule' end, nullif(r.rulename, '_RETURN'), null
  from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace where r.oid >= 16384
  union all
  select 'pg_attrdef'::regclass::oid::int8::float8, d.oid::int8::float8, 0, 'relation', n.nspname, c.relname, 'column', a.attname, null
  from pg_attrdef d join pg_class c on c.oid = d.adrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
  union all
  select 'pg_statistic_ext'::regclass::oid::int8::float8, s.oid::int8::float8, 0, 'statistics', n.nspname, s.stxname, null, null, null
  from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace`;

const EDGES = sql`
  select classid::int8::float8 as class, objid::int8::float8 as oid, objsubid as sub,
    refclassid::int8::float8 as ref_class, refobjid::int8::float8 as ref_oid, refobjsubid as ref_sub
  from pg_depend where objid >= 16384 and refobjid >= 16384`;

/** Whether there is a relation that no tool made; the ledger alone is none of the user's. */
const HAS_RELATIONS = sql`
  select from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where ${userSchema} and not ${isOurs("c")} and c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relname <> 'tb_confiture' limit 1`;

const INDEXES = sql`select oid::int8::float8 as oid from pg_class where relkind in ('i', 'I') and oid >= 16384`;

/** Pairs of relations whose rows go together: by a foreign key, by inheritance, or as a default takes numbers from a sequence. */
const LINKS = sql`
  select distinct a.oid::int8::float8 as one, b.oid::int8::float8 as other, type from (
    select conrelid as a, confrelid as b, 'foreign key' as type from pg_constraint where contype = 'f'
    union all select inhparent, inhrelid, 'heir' from pg_inherits
    union all select d.adrelid, p.refobjid, 'sequence' from pg_attrdef d
      join pg_depend p on p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refclassid = 'pg_class'::regclass
      join pg_class s on s.oid = p.refobjid and s.relkind = 'S'
  ) pair join pg_class a on a.oid = pair.a join pg_class b on b.oid = pair.b`;

interface Edge {
  readonly class: number;
  readonly oid: number;
  readonly sub: number;
  readonly ref_class: number;
  readonly ref_oid: number;
  readonly ref_sub: number;
}

/** What the catalogs say, at one moment. */
const readRows = (db: Connection) =>
  db.transaction(
    async () => {
      const [path] = await db.rows<{ path: string[] }>(sql`select current_schemas(false)::text[] as path`);
      return {
        path: path?.path ?? [],
        some: await db.rows(HAS_RELATIONS),
        addresses: await db.rows<AddressRow>(ADDRESSES),
        indexes: await db.rows<{ oid: number }>(INDEXES),
        edges: await db.rows<Edge>(EDGES),
        links: await db.rows<{ one: number; other: number; type: "foreign key" | "heir" | "sequence" }>(
          LINKS,
        ),
      };
    },
    sql`isolation level repeatable read read only`,
  );

/** Read it, without a trace. Throws SQL_001. */
export async function readCatalog(db: Connection): Promise<Catalog> {
  const rows = await readRows(db);
  const objects = new Map<string, TouchedObject>();
  const routines = new Map<string, string[]>();
  const address = (catalog: number, oid: number, sub: number) => `${catalog} ${oid} ${sub}`;
  const relationAt = new Map<number, TouchedObject>();
  for (const row of rows.addresses) {
    const part = row.part === null || row.part_type === null ? null : { type: row.part_type, name: row.part };
    const object = { type: row.type, schema: row.schema, name: row.name, part };
    objects.set(address(row.class, row.oid, row.sub), object);
    if (row.type === "relation" && part === null) relationAt.set(row.oid, object);
    if (row.definition !== null) push(routines, keyOf(object), row.definition);
  }
  const [down, up] = [newMap(), newMap()];
  for (const edge of rows.edges) {
    const from = objects.get(address(edge.class, edge.oid, edge.sub));
    const to = objects.get(address(edge.ref_class, edge.ref_oid, edge.ref_sub));
    if (from === undefined || to === undefined || keyOf(from) === keyOf(to)) continue;
    push(down, keyOf(from), to);
    push(up, keyOf(to), from);
  }
  const [relatives, heirs, sequences] = [newMap(), newMap(), newMap()];
  for (const { one, other, type } of rows.links) {
    const [a, b] = [relationAt.get(one), relationAt.get(other)];
    if (a === undefined || b === undefined) continue;
    if (type === "heir") push(heirs, keyOf(a), b);
    if (type === "sequence") push(sequences, keyOf(a), b);
    else {
      push(relatives, keyOf(a), b);
      push(relatives, keyOf(b), a);
    }
  }
  const known = new Set([...objects.values()].map(keyOf));
  const indexes = new Set(rows.indexes.flatMap(({ oid }) => relationAt.get(oid) ?? []).map(keyOf));
  const at = (map: Map<string, TouchedObject[]>) => (object: TouchedObject) => map.get(keyOf(object)) ?? [];
  return {
    isEmpty: rows.some.length === 0,
    searchPath: rows.path,
    has: (object) => known.has(keyOf(object)),
    isIndex: (object) => indexes.has(keyOf(object)),
    dependencies: at(down),
    dependents: at(up),
    routines: (object) => routines.get(keyOf(wholeOf(object))) ?? [],
    relatives: at(relatives),
    sequences: at(sequences),
    heirs: (relation) => closure(relation, at(heirs)),
  };
}

const newMap = (): Map<string, TouchedObject[]> => new Map();

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

/** All that can be reached, without the start. */
export function closure(
  start: TouchedObject,
  next: (object: TouchedObject) => readonly TouchedObject[],
): TouchedObject[] {
  const seen = new Map<string, TouchedObject>([[keyOf(start), start]]);
  for (const object of seen.values()) {
    for (const one of next(object)) if (!seen.has(keyOf(one))) seen.set(keyOf(one), one);
  }
  return [...seen.values()].slice(1);
}

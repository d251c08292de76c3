import * as z from "zod";
import type { Server } from "../../pg/connection.ts";
import { ident, type Sql, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";
import { areApart, continueFrom, moveBehindRows, moveWithin, regclass } from "../sequence-position.ts";
import type { Place } from "../statement.ts";

const row = z.object({
  /** Of a serial one, the column that owns it. */
  of: z.string().nullable(),
  /** The same as a qualified name, e.g. `public.users.id`. */
  owned_by: z.string().nullable(),
  owned_by_table: z.string().nullable(),
  schema: z.string(),
  name: z.string(),
  type: z.string(),
  /** 64-bit numbers, hence text. */
  start: z.string(),
  increment: z.string(),
  minimum: z.string(),
  maximum: z.string(),
  cache: z.string(),
  cycle: z.boolean(),
  /** Possible since PostgreSQL 15. */
  unlogged: z.boolean(),
});
type Sequence = z.infer<typeof row>;

const unlogged = ({ major }: Server): Sql => (major >= 15 ? sql`c.relpersistence = 'u'` : sql`false`);

const named = (s: Sequence): string => ident(s.schema, s.name);

const LARGEST: Readonly<Record<string, bigint>> = { smallint: 2n ** 15n - 1n, integer: 2n ** 31n - 1n };

/** What a sequence of this type and direction has when nothing is said. */
function defaults({ type, increment, minimum, maximum }: Sequence) {
  const largest = LARGEST[type] ?? 2n ** 63n - 1n;
  const ascending = !increment.startsWith("-");
  return {
    type: "bigint",
    increment: "1",
    minimum: ascending ? "1" : String(-largest - 1n),
    maximum: ascending ? String(largest) : "-1",
    start: ascending ? minimum : maximum,
    cache: "1",
    cycle: false,
  };
}

type Options = ReturnType<typeof defaults>;

/** The options in which a sequence is not as `from`. A type brings bounds of its own unless they are said. */
const options = (to: Options, from: Options, bounds: boolean): string =>
  [
    to.type === from.type ? [] : `as ${to.type}`,
    to.increment === from.increment ? [] : `increment by ${to.increment}`,
    to.minimum === from.minimum && !bounds ? [] : `minvalue ${to.minimum}`,
    to.maximum === from.maximum && !bounds ? [] : `maxvalue ${to.maximum}`,
    to.start === from.start ? [] : `start with ${to.start}`,
    to.cache === from.cache ? [] : `cache ${to.cache}`,
    to.cycle === from.cycle ? [] : to.cycle ? "cycle" : "no cycle",
  ]
    .flat()
    .join(" ");

/** The owner of the table, which has to be the sequence's as well. */
const ownerIds = ({ owned_by_table: table }: Sequence): string[] =>
  table === null ? [] : [`owner of table ${table}`, `owner of foreign-table ${table}`];

function ownedBy(s: Sequence, place: Place): string[] {
  const owner = ownerIds(s).map((id) => place.rowOf(id)?.["owner"]);
  const name = owner.find((found) => typeof found === "string");
  return [
    ...(name === undefined ? [] : [`alter sequence ${named(s)} owner to ${ident(name)}`]),
    `alter sequence ${named(s)} owned by ${s.owned_by ?? "none"}`,
  ];
}

/** A column that is there already keeps counting where its rows end. */
function behindRows(s: Sequence): string {
  const table = s.owned_by_table ?? "";
  const column = (s.owned_by ?? "").slice(table.length + 1);
  return moveBehindRows({ table, column, sequence: regclass(named(s)), increment: s.increment });
}

function create(s: Sequence, place: Place) {
  const clauses = options(s, defaults(s), false);
  const made = `create ${s.unlogged ? "unlogged " : ""}sequence ${named(s)}${clauses === "" ? "" : ` ${clauses}`}`;
  if (s.owned_by === null) return made;
  return [made, ...ownedBy(s, place), ...(place.fresh || place.withinNew ? [] : [behindRows(s)])];
}

/** All of it at once, as a bound and the start must fit each other. The last value stays what it is if it can. */
const alterOptions = (to: Sequence, from: Sequence): string[] => {
  const restart = areApart(from, to) ? ` restart with ${to.start}` : "";
  return [
    ...moveWithin(named(to), from, to),
    `alter sequence ${named(to)} ${options(to, from, to.type !== from.type)}${restart}`,
  ];
};

/** Sequences behind identity columns are part of their column. */
export const sequence: Kind<Sequence> = defineKind({
  name: "sequence",
  folder: "sequences",
  catalog: "pg_class",
  key: ["schema", "name"],
  label: named,
  row,
  query: (server) => sql`
    select c.oid, d.refobjid as of_oid, d.refobjsubid as of_sub,
      d.refobjid::regclass || '.' || quote_ident(a.attname) as owned_by,
      d.refobjid::regclass::text as owned_by_table,
      n.nspname as schema, c.relname as name, format_type(s.seqtypid, null) as type,
      s.seqstart::text as start, s.seqincrement::text as increment, s.seqmin::text as minimum,
      s.seqmax::text as maximum, s.seqcache::text as cache, s.seqcycle as cycle, ${unlogged(server)} as unlogged
    from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
      left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.objsubid = 0
        and d.refclassid = 'pg_class'::regclass and d.deptype = 'a'
      left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where ${userSchema} and ${standsAlone("pg_class", "c")}`,
  within: (s) => s.of,
  needs: ownerIds,
  same: { of: () => true, owned_by_table: () => true },
  create,
  drop: (s) => `drop sequence ${named(s)}`,
  alter: {
    owned_by: (to, _from, place) => ownedBy(to, place),
    type: alterOptions,
    start: alterOptions,
    increment: alterOptions,
    minimum: alterOptions,
    maximum: alterOptions,
    cache: alterOptions,
    cycle: alterOptions,
    unlogged: (to) => `alter sequence ${named(to)} set ${to.unlogged ? "unlogged" : "logged"}`,
  },
  holdsRows: () => true,
  takeOver: (to, from, { schema }) => continueFrom(regclass(named(to)), ident(schema, from.name)),
  occupies: (s) => [named(s)],
  rename: (s, name) => `alter sequence ${named(s)} rename to ${ident(name)}`,
});

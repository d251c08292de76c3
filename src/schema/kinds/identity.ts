import * as z from "zod";
import { ident, literal, sql } from "../../sql/tag.ts";
import { type Aside, defineKind, type Kind } from "../kind.ts";
import { userSchema } from "../scope.ts";
import { areApart, continueFrom, moveBehindRows, moveWithin } from "../sequence-position.ts";
import type { Place, Statements } from "../statement.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  table: z.string(),
  column: z.string(),
  generated: z.enum(["always", "by default"]),
  /** Schema and name of its sequence, where they are not the ones that PostgreSQL gives. */
  sequence: z.string().nullable(),
  /** 64-bit numbers, hence text. */
  start: z.string(),
  increment: z.string(),
  minimum: z.string(),
  maximum: z.string(),
  cache: z.string(),
  cycle: z.boolean(),
  /** Only when it is not as its table is; possible since PostgreSQL 15. */
  persistence: z.enum(["logged", "unlogged"]).nullable(),
  table_unlogged: z.boolean(),
  /** The bounds and start of a sequence made without options; they follow the type. */
  usual: z.object({ minimum: z.string(), maximum: z.string() }),
});
type Identity = z.infer<typeof row>;

const alter = (i: Identity, action: string): string =>
  `alter table ${ident(i.schema, i.table)} alter column ${ident(i.column)} ${action}`;

function clause(i: Identity): string {
  const first = i.increment.startsWith("-") ? i.maximum : i.minimum;
  const options = [
    ...(i.sequence === null ? [] : [`sequence name ${i.sequence}`]),
    ...(i.increment === "1" ? [] : [`increment by ${i.increment}`]),
    ...(i.minimum === i.usual.minimum ? [] : [`minvalue ${i.minimum}`]),
    ...(i.maximum === i.usual.maximum ? [] : [`maxvalue ${i.maximum}`]),
    ...(i.start === first ? [] : [`start with ${i.start}`]),
    ...(i.cache === "1" ? [] : [`cache ${i.cache}`]),
    ...(i.cycle ? ["cycle"] : []),
  ];
  return `generated ${i.generated} as identity${options.length === 0 ? "" : ` (${options.join(" ")})`}`;
}

/** One statement, as bounds and start are checked together. */
const setOptions = (to: Identity, from: Identity): string[] => [
  ...moveWithin(sequencePath(from), from, to),
  alter(
    to,
    [
      ...(areApart(from, to) ? [`restart with ${to.start}`] : []),
      `set increment by ${to.increment}`,
      `set minvalue ${to.minimum}`,
      `set maxvalue ${to.maximum}`,
      `set start with ${to.start}`,
      `set cache ${to.cache}`,
      `set ${to.cycle ? "" : "no "}cycle`,
    ].join(" "),
  ),
];

/** A column that is there already keeps counting where its rows end. */
function create(i: Identity, { fresh, withinNew }: Place): Statements {
  const add = alter(i, `add ${clause(i)}`);
  if (fresh || withinNew) return add;
  const [table, column] = [ident(i.schema, i.table), ident(i.column)];
  return [add, moveBehindRows({ table, column, sequence: sequenceOf(i), increment: i.increment })];
}

const sequenceOf = (i: Identity): string =>
  `pg_get_serial_sequence(${literal(ident(i.schema, i.table)).trim()}, ${literal(i.column).trim()})`;

/** The sequence of the old column, in the schema where that waits. */
function takeOver(to: Identity, from: Identity, { schema }: Aside): string {
  const name = sequencePath(from).split(".").at(-1)!;
  return continueFrom(sequenceOf(to), `${ident(schema)}.${name}`);
}

const sequencePath = (i: Identity): string => i.sequence ?? ident(i.schema, `${i.table}_${i.column}_seq`);

function setPersistence(i: Identity): string {
  const usual = i.table_unlogged ? "unlogged" : "logged";
  return `alter sequence ${sequencePath(i)} set ${i.persistence ?? usual}`;
}

/** Renamed in its schema; a sequence of another schema is another one. */
function moveSequence(to: Identity, from: Identity): string | null {
  const [schema, name] = [sequencePath(from).split("."), sequencePath(to).split(".")];
  if (schema.length !== 2 || name.length !== 2 || schema[0] !== name[0]) return null;
  return `alter sequence ${sequencePath(from)} rename to ${name[1]}`;
}

/** What makes a column an identity column, with the sequence behind it. */
export const identity: Kind<Identity> = defineKind({
  name: "identity",
  catalog: "pg_sequence",
  key: ["schema", "table", "column"],
  label: (i) => ident(i.schema, i.table, i.column),
  drift: { type: "identity_mismatch", severity: "warning" },
  row,
  query: () => sql`
    select null::oid as oid, a.attrelid as of_oid, a.attnum as of_sub, n.nspname as schema, c.relname as table,
      a.attname as column, case a.attidentity when 'a' then 'always' else 'by default' end as generated,
      case when sn.nspname <> n.nspname or sc.relname <> c.relname || '_' || a.attname || '_seq'
        then quote_ident(sn.nspname) || '.' || quote_ident(sc.relname) end as sequence,
      s.seqstart::text as start, s.seqincrement::text as increment, s.seqmin::text as minimum,
      s.seqmax::text as maximum, s.seqcache::text as cache, s.seqcycle as cycle,
      case when sc.relpersistence <> c.relpersistence then
        case sc.relpersistence when 'u' then 'unlogged' else 'logged' end end as persistence,
      c.relpersistence = 'u' as table_unlogged,
      jsonb_build_object('minimum', case when s.seqincrement > 0 then '1' else u.least end,
        'maximum', case when s.seqincrement > 0 then u.greatest else '-1' end) as usual
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      join pg_depend d on d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
        and d.deptype = 'i' and d.refobjid = a.attrelid and d.refobjsubid = a.attnum
      join pg_sequence s on s.seqrelid = d.objid join pg_class sc on sc.oid = s.seqrelid
      join pg_namespace sn on sn.oid = sc.relnamespace
      cross join lateral (select case s.seqtypid when 'int2'::regtype then '32767'
          when 'int4'::regtype then '2147483647' else '9223372036854775807' end,
        case s.seqtypid when 'int2'::regtype then '-32768' when 'int4'::regtype then '-2147483648'
          else '-9223372036854775808' end) u (greatest, least)
    where a.attidentity <> '' and not a.attisdropped and (a.attislocal or a.attinhcount = 0)
      and c.relkind in ('r', 'p') and ${userSchema}`,
  within: (i) => i.of,
  needs: (i) => [`not-null ${ident(i.schema, i.table, i.column)}`],
  same: { usual: () => true, table_unlogged: () => true },
  inline: clause,
  create,
  finish: (i) => (i.persistence === null ? [] : setPersistence(i)),
  drop: (i) => alter(i, "drop identity"),
  alter: {
    sequence: (to, from) => moveSequence(to, from),
    generated: (to) => alter(to, `set generated ${to.generated}`),
    start: setOptions,
    increment: setOptions,
    minimum: setOptions,
    maximum: setOptions,
    cache: setOptions,
    cycle: setOptions,
    persistence: setPersistence,
  },
  holdsRows: () => true,
  takeOver,
  carried: true,
});

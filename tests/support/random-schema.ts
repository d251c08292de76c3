import fc from "fast-check";
import { ident, literal } from "../../src/sql/tag.ts";

/** Roles that pairs of the corpus name as well. */
const ROLES = ["corpus_other", "corpus_owner", "corpus_reader"] as const;

/** What is there in some schemas and not in others, or otherwise. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });

const anyText = fc.oneof(
  fc.constantFrom("it's", 'a "b"', "back\\slash", "$$ body $$", "-- no comment", "ü€😀", "two\nlines"),
  fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 12 }),
);

/** Types with defaults of theirs; the last two are made by the schema. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  integer: ["0", "1 + 1", "public.next_one(1)"],
  bigint: ["0", "-1", "nextval('public.counter')"],
  text: ["'x'", "upper('y')", "current_user"],
  "varchar(20)": ["'x'", "'it''s'"],
  "numeric(10,2)": ["1.5", "-0.25"],
  "timestamp with time zone": ["now()", "'2020-01-01 10:00:00+00'"],
  date: ["current_date", "'infinity'"],
  boolean: ["true", "not true"],
  jsonb: ["'{}'", "'[1, \"a\"]'"],
  "integer[]": ["'{}'", "array[1, 2]"],
  "public.mood": ["'sad'", "'it''s'"],
  "public.positive": ["1", "2"],
};

const column = fc.constantFrom(...Object.keys(TYPES)).chain((type) =>
  fc.record({
    name: fc.constantFrom("a", "B b", "select", 'q"q', "ü"),
    type: fc.constant(type),
    default: maybe(fc.constantFrom(...TYPES[type]!)),
    notNull: fc.boolean(),
    comment: maybe(anyText),
    granted: fc.boolean(),
  }),
);

const table = fc.record({
  name: fc.constantFrom("public.t", "public.u", 'app."T t"', 'app."order"'),
  key: fc.constantFrom("integer", "bigint"),
  columns: fc.uniqueArray(column, { maxLength: 4, selector: ({ name }) => name }),
  generated: maybe(fc.constantFrom("k + 1", "k * 2")),
  primary: fc.boolean(),
  unique: maybe(fc.constantFrom("", " deferrable initially deferred")),
  check: maybe(fc.constantFrom("k > 0", "k <> 7", "public.next_one(k::int) > 0")),
  references: fc.boolean(),
  onDelete: fc.constantFrom("", " on delete cascade", " on delete set null"),
  index: maybe(fc.constantFrom("(k)", "(k desc) where k > 5", "using hash (k)", "((k + 1))")),
  policy: maybe(fc.constantFrom("k > 0", "public.next_one(k::int) > 1")),
  trigger: maybe(fc.constantFrom("before update", "after insert or delete", "before update of k")),
  disabled: fc.boolean(),
  view: maybe(fc.constantFrom("k", "k, k + 1 as l", "k, public.next_one(k::int) as n")),
  above: maybe(fc.constantFrom("view", "materialized view")),
  comment: maybe(anyText),
  grant: maybe(fc.constantFrom("select", "insert, update", "all")),
  owner: fc.constantFrom(...ROLES),
});

const parted = fc.record({
  partitions: fc.subarray(["1", "2", "default"]),
  index: maybe(fc.constantFrom("(v)", "(lower(v))", "(k, v)")),
  named: fc.boolean(),
  primary: fc.boolean(),
  check: maybe(fc.constantFrom("k < 10", "v <> ''")),
  notNull: fc.boolean(),
});

const model = fc.record({
  tables: fc.uniqueArray(table, { maxLength: 3, selector: ({ name }) => name }),
  parted: maybe(parted),
  moods: fc.shuffledSubarray(["glad", "so so", 'the "best"'], { maxLength: 2 }),
  positive: fc.constantFrom("value > 0", "value >= 0"),
  nextOne: fc.record({
    argument: fc.constantFrom("x", "y"),
    body: fc.constantFrom("select 1", "select 2 -- it's"),
    volatility: fc.constantFrom("immutable", "immutable strict", "immutable parallel safe cost 5"),
    grant: fc.boolean(),
    comment: maybe(anyText),
  }),
  counter: fc.constantFrom("", " increment 5", " minvalue -10 start 3 cache 4", " cycle maxvalue 1000"),
  usage: fc.subarray([...ROLES]),
});

type Model = typeof model extends fc.Arbitrary<infer T> ? T : never;
type Table = Model["tables"][number];

const on = (what: string, text: string | undefined): string[] =>
  text === undefined ? [] : [`comment on ${what} is ${literal(text)}`];

function tableOf(t: Table): string[] {
  const parts = [
    `k ${t.key} not null`,
    ...t.columns.map((c) =>
      [ident(c.name), c.type, c.default && `default (${c.default})`, c.notNull && "not null"]
        .filter((part) => part)
        .join(" "),
    ),
    ...(t.generated === undefined ? [] : [`g bigint generated always as (${t.generated}) stored`]),
    ...(t.primary ? ["primary key (k)"] : []),
    ...(t.unique === undefined ? [] : [`constraint ${ident(`Once ${t.name}`)} unique (k)${t.unique}`]),
    ...(t.check === undefined ? [] : [`constraint checked check (${t.check})`]),
  ];
  return [
    `create table ${t.name} (${parts.join(", ")})`,
    ...on(`table ${t.name}`, t.comment),
    ...t.columns.flatMap((c) => on(`column ${t.name}.${ident(c.name)}`, c.comment)),
    `alter table ${t.name} owner to ${t.owner}`,
  ];
}

/** What stands on a table that is there. */
function aroundOf(t: Table, tables: readonly Table[], nr: number): string[] {
  const target = tables.find((other) => other.primary);
  const view = `app."View ${nr}"`;
  return [
    ...(t.references && target
      ? [`alter table ${t.name} add column r ${target.key} references ${target.name} (k)${t.onDelete}`]
      : []),
    ...(t.index === undefined ? [] : [indexOf(t.index, t.name)]),
    ...(t.policy === undefined
      ? []
      : [
          `alter table ${t.name} enable row level security`,
          `create policy "P p" on ${t.name} to corpus_reader using (${t.policy})`,
        ]),
    ...(t.trigger === undefined
      ? []
      : [`create trigger trg ${t.trigger} on ${t.name} for each row execute function public.touch('a')`]),
    ...(t.trigger !== undefined && t.disabled ? [`alter table ${t.name} disable trigger trg`] : []),
    ...(t.view === undefined ? [] : [`create view ${view} as select ${t.view} from ${t.name}`]),
    ...(t.view === undefined ? [] : on(`view ${view}`, t.comment)),
    ...(t.view === undefined || t.above === undefined
      ? []
      : [`create ${t.above} app.above_${nr} as select k from ${view} where k > 1`]),
    ...(t.grant === undefined ? [] : [`grant ${t.grant} on ${t.name} to corpus_reader`]),
    ...t.columns
      .filter(({ granted }) => granted)
      .map(({ name }) => `grant references (${ident(name)}) on ${t.name} to corpus_other with grant option`),
  ];
}

const indexOf = (keys: string, of: string): string =>
  keys.startsWith("using")
    ? `create index on ${of} ${keys}`
    : `create index ${ident(`Of ${of}`)} on ${of} ${keys}`;

function partedOf(p: NonNullable<Model["parted"]>): string[] {
  const key = p.primary ? ", primary key (k)" : "";
  return [
    `create table app.parted (k int, v text${p.notNull ? " not null" : ""}${key}) partition by list (k)`,
    ...p.partitions.map((bound) => {
      const values = bound === "default" ? bound : `for values in (${bound})`;
      return `create table app.parted_${bound} partition of app.parted ${values}`;
    }),
    ...(p.index === undefined ? [] : [`create index parted_index on app.parted ${p.index}`]),
    ...(p.check === undefined ? [] : [`alter table app.parted add check (${p.check})`]),
    ...(p.named && p.primary && p.partitions.includes("1")
      ? [`alter index app.parted_1_pkey rename to "Own name"`]
      : []),
  ];
}

function scriptOf(m: Model): string {
  const { argument, body, volatility, grant, comment } = m.nextOne;
  const nextOne = "function public.next_one(integer)";
  const moods = ["sad", "it's", ...m.moods].map((label) => literal(label)).join(", ");
  const statements = [
    "create schema app",
    ...m.usage.map((role) => `grant usage on schema app to ${role}`),
    `create type public.mood as enum (${moods})`,
    `create domain public.positive as integer check (${m.positive})`,
    `create sequence public.counter${m.counter}`,
    `create function public.next_one(${argument} integer) returns integer language sql ${volatility} as ${literal(body)}`,
    ...(grant ? [`revoke execute on ${nextOne} from public`] : []),
    ...on(nextOne, comment),
    "create function public.touch() returns trigger language plpgsql as 'begin return new; end'",
    ...m.tables.flatMap(tableOf),
    ...m.tables.flatMap((t, nr) => aroundOf(t, m.tables, nr)),
    ...(m.parted === undefined ? [] : partedOf(m.parted)),
  ];
  return statements.map((statement) => `${statement};\n`).join("");
}

/** DDL of a small schema; two of them share many names. */
const randomSchema: fc.Arbitrary<string> = model.map(scriptOf);

const MAX_RUNS = 20;

/** A busy machine gets to fewer runs; those that have not begun by then are left out. */
const MAX_MS = 20_000;

/** Asserts what holds for any two schemas, and prints the smallest ones for which it does not. */
export async function assertLaw(law: (one: string, other: string) => Promise<void>): Promise<void> {
  const end = performance.now() + MAX_MS;
  const property = fc.asyncProperty(randomSchema, randomSchema, async (one, other) => {
    if (performance.now() < end) await law(one, other);
  });
  await fc.assert(property, { numRuns: MAX_RUNS });
}

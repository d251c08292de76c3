import fc from "fast-check";
import { ident, literal } from "../../src/sql/tag.ts";
import type { RowRules } from "../../src/sync/rules-file.ts";

/** Names by the place of a table. */
const NAMES = [
  ["public", "a"],
  ["public", "B b"],
  ["app", "select"],
  ["public", 'c"c'],
  ["app", "d"],
  ["public", "e"],
] as const;

const MAX_ROWS = 9;

const foreignKey = fc.record({
  from: fc.nat(),
  to: fc.nat(),
  toUnique: fc.boolean(),
  isRequired: fc.boolean(),
  isDeferrable: fc.boolean(),
  /** What each row refers to, if anything. */
  targets: fc.array(fc.option(fc.nat(), { freq: 4 }), { minLength: MAX_ROWS, maxLength: MAX_ROWS }),
});

/** In some of ten cases. */
const sometimes = <T>(cases: number, arbitrary: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 10 - cases, arbitrary: fc.constant(undefined) },
    { weight: cases, arbitrary: arbitrary as fc.Arbitrary<T | undefined> },
  );

const table = fc.record({
  key: fc.constantFrom("int", "text", "pair", "none"),
  isPartitioned: fc.boolean(),
  hasUnique: fc.boolean(),
  rows: fc.nat(MAX_ROWS),
  isCopied: fc.integer({ min: 0, max: 5 }).map((chance) => chance > 0),
  where: sometimes(4, fc.nat(3)),
  sample: sometimes(2, fc.constantFrom(0.3, 0.7, 1)),
  limit: sometimes(2, fc.integer({ min: 1, max: 8 })),
  referenced: sometimes(3, fc.constantFrom("only" as const, "also" as const)),
});

export interface Row {
  /** Counts from 0 within its table. */
  readonly number: number;
  readonly n: number | null;
  /** What it refers to: a table's place and a row's number. */
  readonly refersTo: readonly { readonly table: number; readonly row: number }[];
}

export interface RandomTable {
  readonly schema: string;
  readonly name: string;
  /** As `tableKey` gives it. */
  readonly key: string;
  readonly isCopied: boolean;
  /** Columns of the primary key; empty where there is none. */
  readonly primaryKey: readonly string[];
  readonly rules: RowRules;
  /** The condition of the rules, without SQL. */
  readonly isMeant: (row: Row) => boolean;
  readonly rows: readonly Row[];
}

/** Tables with rows, whose column `r` is a row's number, and the SQL that makes them in an empty database. */
export interface RandomTables {
  readonly tables: readonly RandomTable[];
  readonly ddl: string;
}

type TableModel = typeof table extends fc.Arbitrary<infer T> ? T : never;
type KeyModel = typeof foreignKey extends fc.Arbitrary<infer T> ? T : never;

/** Columns of the key that a foreign key may refer to, with their types. */
const KEYS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  int: [["k", "integer"]],
  text: [["k", "text"]],
  pair: [
    ["k 1", "integer"],
    ["k2", "varchar(6)"],
  ],
  unique: [["u", "numeric(6,2)"]],
};

/** The types of columns that refer to them. */
const REFERRING: Readonly<Record<string, string>> = {
  integer: "bigint",
  text: "varchar(9)",
  "varchar(6)": "text",
  "numeric(6,2)": "numeric",
};

const keyValues = (key: string, row: number): (string | null)[] => {
  if (key === "pair") return [String(row % 3), literal(`k${Math.floor(row / 3)}`)];
  if (key === "unique") return [row % 4 === 3 ? null : `${row}.50`];
  return [key === "int" ? String(row + 1) : literal(`k${row}`)];
};

interface PlacedKey extends KeyModel {
  readonly name: string;
  readonly fromTable: number;
  readonly toTable: number;
  readonly sort: string;
}

/** Of random sizes and shapes, cycles among them. */
export const randomTables: fc.Arbitrary<RandomTables> = fc
  .record({
    tables: fc.array(table, { minLength: 3, maxLength: 6 }),
    foreignKeys: fc.array(foreignKey, { minLength: 2, maxLength: 9 }),
  })
  .map(({ tables, foreignKeys }) => {
    const placed = foreignKeys.flatMap((key, i): PlacedKey[] => {
      const [fromTable, toTable] = [key.from % tables.length, key.to % tables.length];
      const target = tables[toTable]!;
      const sort = key.toUnique && hasUnique(target) ? "unique" : target.key;
      return sort === "none" ? [] : [{ ...key, name: `f${i}`, fromTable, toTable, sort }];
    });
    const made = tables.map((model, i) => modelTable(model, i, tables, placed));
    return { tables: made.map(({ table: one }) => one), ddl: ddlOf(tables, placed, made) };
  });

const isPartitioned = ({ key, isPartitioned: wanted }: TableModel): boolean => wanted && key !== "none";
const hasUnique = (model: TableModel): boolean => model.hasUnique && !isPartitioned(model);

/** The row that a key's row refers to. */
function targetOf(key: PlacedKey, row: number, tables: readonly TableModel[]): number | null {
  const rows = Array.from({ length: tables[key.toTable]!.rows }, (_, i) => i);
  const possible = rows.filter((number) => !keyValues(key.sort, number).includes(null));
  const chosen = key.targets[row] ?? (key.isRequired ? 0 : null);
  return chosen === null || possible.length === 0 ? null : possible[chosen % possible.length]!;
}

function modelTable(
  model: TableModel,
  place: number,
  tables: readonly TableModel[],
  keys: readonly PlacedKey[],
) {
  const [schema, name] = NAMES[place]!;
  const own = keys.filter(({ fromTable }) => fromTable === place);
  const values: string[] = [];
  const rows = Array.from({ length: model.rows }, (_, number): Row => {
    const targets = own.map((key) => ({ key, row: targetOf(key, number, tables) }));
    const n = number % 5 === 4 ? null : (number * 7) % 5;
    const columns = [
      String(number),
      String(n),
      ...(model.key === "none" ? [] : keyValues(model.key, number)),
      ...(hasUnique(model) ? keyValues("unique", number) : []),
      ...targets.flatMap(({ key, row }) =>
        // A key of which one column is null refers to nothing.
        row === null
          ? KEYS[key.sort]!.map((_, i) => (i === 0 ? null : literal("x")))
          : keyValues(key.sort, row),
      ),
    ];
    values.push(`(${columns.map((value) => value ?? "null").join(", ")})`);
    const refersTo = targets.flatMap(({ key, row }) => (row === null ? [] : [{ table: key.toTable, row }]));
    return { number, n, refersTo };
  });
  const { where, sample, limit, referenced, isCopied } = model;
  const chosen: RowRules = {
    ...(where === undefined ? {} : { where: `${ident(name)}.n <> ${where} -- not null` }),
    sample,
    limit,
  };
  const rules: RowRules = { ...(referenced === "only" ? {} : chosen), referenced };
  const table: RandomTable = {
    schema,
    name,
    key: ident(schema, name),
    isCopied,
    primaryKey: model.key === "none" ? [] : KEYS[model.key]!.map(([column]) => column),
    rules,
    isMeant: ({ n }) => rules.where === undefined || (n !== null && n !== where),
    rows,
  };
  return { table, values };
}

function ddlOf(
  tables: readonly TableModel[],
  keys: readonly PlacedKey[],
  made: readonly { readonly table: RandomTable; readonly values: readonly string[] }[],
): string {
  const create = tables.map((model, place) => {
    const { table: one, values } = made[place]!;
    const own = keys.filter(({ fromTable }) => fromTable === place);
    const columns = [
      "r integer",
      "n integer",
      ...(model.key === "none" ? [] : KEYS[model.key]!.map(([name, type]) => `${ident(name)} ${type}`)),
      ...(hasUnique(model) ? [`u ${KEYS["unique"]![0]![1]} unique`] : []),
      ...own.flatMap((key) =>
        KEYS[key.sort]!.map(([, type], i) => {
          const isFilled = one.rows.every((_, row) => targetOf(key, row, tables) !== null);
          const type_ = key.isDeferrable ? REFERRING[type]! : type;
          return `${key.name}_${i} ${type_}${key.isRequired && isFilled ? " not null" : ""}`;
        }),
      ),
      ...(one.primaryKey.length === 0
        ? []
        : [`primary key (${one.primaryKey.map((name) => ident(name)).join(", ")})`]),
    ];
    const partitions = [0, 1].map(
      (i) => `create table ${ident(one.schema, `part ${place} ${i}`)} partition of ${one.key}
        for values with (modulus 2, remainder ${i})`,
    );
    return [
      `create table ${one.key} (${columns.join(", ")})` +
        (isPartitioned(model) ? ` partition by hash (${ident(one.primaryKey[0]!)})` : ""),
      ...(isPartitioned(model) ? partitions : []),
      ...(values.length === 0 ? [] : [`insert into ${one.key} values ${values.join(", ")}`]),
    ].join(";\n");
  });
  const add = keys.map(({ name, fromTable, toTable, sort, isDeferrable }) => {
    const columns = KEYS[sort]!.map((_, i) => `${name}_${i}`);
    const to = KEYS[sort]!.map(([column]) => ident(column));
    return `alter table ${made[fromTable]!.table.key} add foreign key (${columns.join(", ")})
      references ${made[toTable]!.table.key} (${to.join(", ")})${isDeferrable ? " deferrable initially deferred" : ""}`;
  });
  return ["create schema app", ...create, ...add].join(";\n");
}

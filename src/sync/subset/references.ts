import {
  type ForeignKey,
  type KeyComparison,
  type SyncColumn,
  type SyncTable,
  tableKey,
} from "../catalog.ts";
import type { RowRules } from "../rules-file.ts";

/** A table that is copied, and its rules. */
export interface CopiedTable {
  /** As `tableKey` gives it. */
  readonly key: string;
  /** Counts from 1. */
  readonly place: number;
  readonly table: SyncTable;
  readonly rules: RowRules;
}

/** One column of a foreign key, and the one that it refers to. */
interface Pair {
  readonly column: SyncColumn;
  readonly to: string;
  readonly comparison: KeyComparison;
}

/** A foreign key between tables that are copied; several that say the same are one. */
export interface Reference extends Pick<ForeignKey, "name" | "fromLeaves" | "toLeaves" | "isTemporal"> {
  readonly from: CopiedTable;
  readonly to: CopiedTable;
  /** In the order of the columns that are referred to. */
  readonly pairs: readonly Pair[];
}

/** What the choice of rows follows from. */
export interface CopiedTables {
  readonly tables: readonly CopiedTable[];
  /** The foreign keys of a table. */
  readonly from: (table: CopiedTable) => readonly Reference[];
  /** The foreign keys that refer to it. */
  readonly to: (table: CopiedTable) => readonly Reference[];
}

/** Foreign keys that come from other tables or lead to them are left out. */
export function copiedTables(
  tables: readonly SyncTable[],
  foreignKeys: readonly ForeignKey[],
  rules: ReadonlyMap<string, RowRules>,
): CopiedTables {
  const copied = new Map(
    tables.map((table, i): [string, CopiedTable] => {
      const key = tableKey(table);
      return [key, { key, table, place: i + 1, rules: rules.get(key) ?? {} }];
    }),
  );
  const references = mergeAlike(
    foreignKeys.flatMap((key) => {
      const [from, to] = [copied.get(key.from), copied.get(key.to)];
      return from === undefined || to === undefined ? [] : [referenceOf(key, from, to)];
    }),
  );
  const from = grouped(references, (reference) => reference.from);
  const to = grouped(references, (reference) => reference.to);
  return {
    tables: [...copied.values()],
    from: (table) => from.get(table) ?? [],
    to: (table) => to.get(table) ?? [],
  };
}

/** What has the same key, in the order of the first. */
export function grouped<T, K>(values: readonly T[], keyOf: (value: T) => K): Map<K, [T, ...T[]]> {
  const groups = new Map<K, [T, ...T[]]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}

function referenceOf(key: ForeignKey, from: CopiedTable, to: CopiedTable): Reference {
  const pairs = key.columns.map((name, i): Pair => {
    const column = from.table.columns.find((one) => one.name === name)!;
    return { column, to: key.toColumns[i]!, comparison: key.comparisons[i]! };
  });
  return {
    name: key.name,
    from,
    to,
    pairs: pairs.toSorted((a, b) => (a.to < b.to ? -1 : a.to > b.to ? 1 : 0)),
    fromLeaves: key.fromLeaves,
    toLeaves: key.toLeaves,
    isTemporal: key.isTemporal,
  };
}

/** Partitions often have each the same key. */
function mergeAlike(references: readonly Reference[]): Reference[] {
  const likeness = ({ from, to, pairs, toLeaves, isTemporal }: Reference) =>
    JSON.stringify([
      from.key,
      to.key,
      pairs.map((pair) => [pair.column.name, pair.to, pair.comparison]),
      toLeaves,
      isTemporal,
    ]);
  return [...grouped(references, likeness).values()].map((alike) => {
    const leaves = alike.map(({ fromLeaves }) => fromLeaves);
    const all = new Set(leaves.flatMap((oids) => oids ?? []));
    const isWhole = leaves.includes(null) || alike[0].from.table.leaves.every(({ oid }) => all.has(oid));
    return { ...alike[0], fromLeaves: isWhole ? null : [...all] };
  });
}

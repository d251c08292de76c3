import type { RandomTable, Row } from "./random-tables.ts";

/** Numbers of rows by the place of their table. */
export type RowNumbers = readonly ReadonlySet<number>[];

/**
 * What a sync must copy, worked out row by row from what the rules mean. `base` are the rows that each table's own rule
 * chooses. Tables that are not copied have none.
 */
export function expectedRows(tables: readonly RandomTable[], base: RowNumbers): RowNumbers {
  const chosen = tables.map((table, i) => new Set(table.isCopied ? base[i] : []));
  leaveOut(tables, chosen);
  const all = chosen.map((numbers) => new Set(numbers));
  const pulled: (readonly [number, Row])[] = [];
  const pull = (table: number, number: number) => {
    if (!tables[table]!.isCopied || all[table]!.has(number)) return;
    all[table]!.add(number);
    pulled.push([table, tables[table]!.rows[number]!]);
  };
  chosen.forEach((numbers, i) => {
    for (const number of numbers)
      for (const { table, row } of tables[i]!.rows[number]!.refersTo)
        if (tables[table]!.rules.referenced !== undefined) pull(table, row);
  });
  for (const [, row] of pulled) for (const target of row.refersTo) pull(target.table, target.row);
  return all;
}

/** Take away rows that refer to what is not there, until there are none. */
function leaveOut(tables: readonly RandomTable[], chosen: readonly Set<number>[]): void {
  for (let isSettled = false; !isSettled;) {
    isSettled = true;
    chosen.forEach((numbers, i) => {
      for (const number of numbers) {
        const isBad = tables[i]!.rows[number]!.refersTo.some(
          ({ table, row }) =>
            tables[table]!.isCopied &&
            tables[table]!.rules.referenced === undefined &&
            !chosen[table]!.has(row),
        );
        if (!isBad) continue;
        numbers.delete(number);
        isSettled = false;
      }
    });
  }
}

/** What refers to a row that is not copied, of a table that is. */
export const unresolved = (tables: readonly RandomTable[], rows: RowNumbers): string[] =>
  rows.flatMap((numbers, i) =>
    [...numbers].flatMap((number) =>
      tables[i]!.rows[number]!.refersTo.filter(
        ({ table, row }) => tables[table]!.isCopied && !rows[table]!.has(row),
      ).map(({ table, row }) => `${tables[i]!.key} ${number} refers to ${tables[table]!.key} ${row}`),
    ),
  );

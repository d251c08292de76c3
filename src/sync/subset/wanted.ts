import { ident } from "../../sql/tag.ts";
import { grouped, type Reference } from "./references.ts";
import { type Cte, matchText, type Part, referringConditions, whereText } from "./row-text.ts";

/** Values by which rows of a table are wanted, from all keys that are alike. */
export interface Wanted {
  /** Of the CTE that holds them, in columns `k1`, `k2` and so on. */
  readonly name: string;
  /** Counts from 1 over all tables. */
  readonly number: number;
  readonly keys: readonly [Reference, ...Reference[]];
  /** What gives them, besides the cycle that the table is part of. */
  readonly sources: readonly Source[];
}

/** Values from the rows that a FROM clause gives as `c`. */
export interface Source {
  readonly values: readonly string[];
  readonly from: Part;
}

/** The condition that a row `t` is wanted. */
export const wantedText = ({ name, keys }: Wanted): string =>
  `exists (select from ${name} w where ${matchText(keys[0], "t", "w", valueNames(keys[0]))})`;

export const valueNames = ({ pairs }: Reference): string[] => pairs.map((_, i) => `k${i + 1}`);

/** Keys whose values are compared alike, and can stand in the same columns. */
export function alike(keys: readonly Reference[]): [Reference, ...Reference[]][] {
  const likeness = (key: Reference) =>
    JSON.stringify([
      key.toLeaves,
      key.pairs.map(({ to, comparison, column }) => [to, comparison, column.sqlType]),
      // Values of columns with a collation of their own are not put into one column.
      key.pairs.some(({ comparison }) => comparison.collation !== null) ? [key.from.key, key.name] : [],
    ]);
  return [...grouped(keys, likeness).values()];
}

/** What the rows of a FROM item refer to by a key. */
export const sourceOf = (key: Reference, { text, needs }: Part): Source => ({
  values: key.pairs.map(({ column }) => `c.${ident(column.name)}`),
  from: { text: `from ${text} c${whereText(referringConditions(key, "c"))}`, needs },
});

export function wantedCte({ name, keys, sources }: Wanted): Cte {
  const rows = sources.map(({ values, from }) => `select ${values.join(", ")} ${from.text}`);
  return {
    name,
    text: `${name} (${valueNames(keys[0]).join(", ")}) as (${rows.join(" union all ")})`,
    needs: sources.flatMap(({ from }) => from.needs),
  };
}

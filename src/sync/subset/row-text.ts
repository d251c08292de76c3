import { ident } from "../../sql/tag.ts";
import type { CopiedTable, Reference } from "./references.ts";

/** A table in a FROM clause, without its children by inheritance, which are tables of their own. */
export const tableText = ({ key, table }: CopiedTable): string => (table.isPartitioned ? key : `only ${key}`);

const isIn = (alias: string, leaves: readonly number[]): string =>
  `${alias}.tableoid = any ('{${leaves.join(",")}}'::pg_catalog.oid[])`;

/** What must hold for a row to refer to another by a key (MATCH SIMPLE); nothing where it always does. */
export function referringConditions({ pairs, fromLeaves }: Reference, alias: string): string[] {
  const set = pairs
    .filter(({ column }) => column.isNullable)
    .map(({ column }) => `${alias}.${ident(column.name)} is not null`);
  return fromLeaves === null ? set : [isIn(alias, fromLeaves), ...set];
}

/** The condition that joins what refers with what is referred to; `columns` where the former have other names. */
export function matchText(
  { pairs, toLeaves }: Reference,
  to: string,
  from: string,
  columns: readonly string[] = pairs.map(({ column }) => column.name),
): string {
  const conditions = pairs.map((pair, i) => {
    const { operator, cast, toCast, collation } = pair.comparison;
    const left = `${to}.${ident(pair.to)}${castTo(toCast)}${collation === null ? "" : ` collate ${collation}`}`;
    return `${left} ${operator} ${from}.${ident(columns[i]!)}${castTo(cast)}`;
  });
  return [...conditions, ...(toLeaves === null ? [] : [isIn(to, toLeaves)])].join(" and ");
}

const castTo = (type: string | null): string => (type === null ? "" : `::${type}`);

/** The condition that two rows of the table that a key refers to are one; holds for none that it cannot refer to. */
export function sameRowText({ pairs, toLeaves }: Reference, one: string, other: string): string {
  const conditions = pairs.map(
    ({ to, comparison }) => `${one}.${ident(to)} ${comparison.operator} ${other}.${ident(to)}`,
  );
  return [...conditions, ...(toLeaves === null ? [] : [`${one}.tableoid = ${other}.tableoid`])].join(" and ");
}

/** As a WHERE clause, or nothing. */
export const whereText = (conditions: readonly string[]): string =>
  conditions.length === 0 ? "" : ` where ${conditions.join(" and ")}`;

/** A part of a query, and the names of the common table expressions that it reads. */
export interface Part {
  readonly text: string;
  readonly needs: readonly string[];
}

/** A common table expression; `text` is all of it, its name too. */
export interface Cte extends Part {
  readonly name: string;
  readonly isRecursive?: boolean;
}

/** The WITH clause for a part: what it needs, in the order of `all`, in which each reads only earlier ones. */
export function withText(all: readonly Cte[], { needs }: Pick<Part, "needs">): string {
  const needed = new Set(needs);
  const used = all.toReversed().filter((cte) => {
    if (!needed.has(cte.name)) return false;
    for (const name of cte.needs) needed.add(name);
    return true;
  });
  if (used.length === 0) return "";
  const recursive = used.some(({ isRecursive }) => isRecursive) ? "recursive " : "";
  return `with ${recursive}${used
    .toReversed()
    .map(({ text }) => text)
    .join(",\n")}\n`;
}

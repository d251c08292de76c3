import picomatch from "picomatch";
import { ConfitureError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { type SyncTable, tableKey } from "./catalog.ts";

export interface Selection {
  /** Globs of the tables to copy; all where none is given. */
  readonly tables?: readonly string[] | undefined;
  /** Globs of the tables to leave. */
  readonly exclude?: readonly string[] | undefined;
}

/** A selection without the tables that rules leave out. */
export const withExcludes = (
  { tables, exclude = [] }: Selection,
  rules: readonly { readonly exclude: readonly string[] }[],
): Selection => ({ tables, exclude: [...exclude, ...rules.flatMap((one) => one.exclude)] });

/**
 * The tables that the globs choose. A glob without a dot is about the schema `public`. Throws SYNC_301 for one that
 * matches no table, and when nothing is left.
 */
export function selectTables(
  all: readonly SyncTable[],
  { tables = [], exclude = [] }: Selection,
): readonly SyncTable[] {
  const chosen = tables.length === 0 ? all : all.filter(matching(all, tables));
  const left = exclude.length === 0 ? chosen : chosen.filter((table) => !matching(all, exclude)(table));
  if (left.length > 0) return left;
  throw new ConfitureError("SYNC_301", "no table is left to copy");
}

function matching(all: readonly SyncTable[], globs: readonly string[]): (table: SyncTable) => boolean {
  const matchers = globs.map((glob) => matcherOf(glob));
  matchers.forEach((matches, i) => {
    if (!all.some(matches)) throw unknownTable(globs[i]!, all);
  });
  return (table) => matchers.some((matches) => matches(table));
}

function matcherOf(glob: string): (table: SyncTable) => boolean {
  const matches = picomatch(glob.includes(".") ? glob : `public.${glob}`);
  return (table) => matches(`${table.schema}.${table.name}`) || tableKey(table) === glob;
}

/** The table that a rules file or an option names; throws SYNC_301 when it is not there. */
export function tableNamed(name: string, all: readonly SyncTable[]): SyncTable {
  const found = all.find(
    (table) =>
      tableKey(table) === name ||
      `${table.schema}.${table.name}` === name ||
      (table.schema === "public" && table.name === name),
  );
  if (found === undefined) throw unknownTable(name, all);
  return found;
}

function unknownTable(name: string, all: readonly SyncTable[]): ConfitureError {
  const near = nearest(
    name,
    all.flatMap((table) => [tableKey(table), ...(table.schema === "public" ? [table.name] : [])]),
  );
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  return new ConfitureError("SYNC_301", `the source has no table ${name}${hint}`);
}

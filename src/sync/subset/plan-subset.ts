import { ConfitureError } from "../../base/errors.ts";
import { type Sql, sql } from "../../sql/tag.ts";
import type { ForeignKey, SyncTable } from "../catalog.ts";
import type { RowRules } from "../rules-file.ts";
import { type AddedRows, addedRows } from "./added-rows.ts";
import { hasOwnRule } from "./base-rows.ts";
import { type KeptRows, keptRows } from "./kept-rows.ts";
import { type CopiedTable, type CopiedTables, copiedTables } from "./references.ts";
import { type Part, sameRowText, tableText, whereText, withText } from "./row-text.ts";
import { wantedText } from "./wanted.ts";

/** Which rows of a table are copied. */
export interface SubsetQuery {
  /** One query, without parameters; `columns` are expressions over the table's columns, which they name as `t.column`. */
  readonly select: (columns: readonly string[]) => Sql;
  /** Why not all of them are. */
  readonly reason: string;
}

export interface SubsetOptions {
  /** What `now()` gives on the source, as text; conditions see it on every connection. */
  readonly now: string;
}

/**
 * Which rows of each table are copied, by its key; null for a table that is copied whole. Every foreign key between the
 * tables resolves, provided that all queries see the same rows and run with the same settings, among them `TimeZone`,
 * `DateStyle` and `search_path`. Throws SYNC_302 for a rule that cannot be followed. Needs `loadParser` where a rule has
 * a condition.
 */
export function planSubset(
  tables: readonly SyncTable[],
  foreignKeys: readonly ForeignKey[],
  rules: ReadonlyMap<string, RowRules>,
  { now }: SubsetOptions,
): Map<string, SubsetQuery | null> {
  const copied = copiedTables(tables, foreignKeys, rules);
  const kept = keptRows(copied, now);
  refuseTemporal(copied, kept);
  const added = addedRows(copied, kept);
  return new Map(
    copied.tables.map((table) => [table.key, kept.isPartial(table) ? queryFor(table, kept, added) : null]),
  );
}

/** A row may refer to several by such a key, so that joins by equality would be wrong. */
function refuseTemporal({ tables, from }: CopiedTables, { isPartial }: KeptRows): void {
  const found = tables.flatMap(from).find(({ isTemporal, to }) => isTemporal && isPartial(to));
  if (found === undefined) return;
  throw new ConfitureError(
    "SYNC_302",
    `the foreign key ${found.name} of ${found.from.key} has a PERIOD, so ${found.to.key} can only be copied whole`,
    {
      actionable: `Take the rules from ${found.to.key} and what it refers to, or leave out ${found.from.key}.`,
    },
  );
}

function queryFor(table: CopiedTable, kept: KeptRows, added: AddedRows): SubsetQuery {
  const own = kept.rows(table);
  const parts = [...(own === null ? [] : [own]), ...addedParts(table, kept, added)];
  const none: Part = { text: `from ${tableText(table)} t where false`, needs: [] };
  const used = parts.length === 0 ? [none] : parts;
  const before = withText([...kept.ctes, ...added.ctes], { needs: used.flatMap(({ needs }) => needs) });
  return {
    select: (columns) =>
      sql.raw(before + used.map(({ text }) => `select ${columns.join(", ")} ${text}`).join("\nunion all\n")),
    reason: reasonFor(table, kept, added),
  };
}

/** FROM and WHERE for the rows wanted in each way, but those that are kept or wanted in an earlier one. */
function addedParts(table: CopiedTable, kept: KeptRows, added: AddedRows): Part[] {
  const keys = kept.keys(table);
  const wanted = added.wanted(table);
  return wanted.map((one, i) => {
    const earlier = wanted.slice(0, i);
    const conditions = [wantedText(one), ...earlier.map((other) => `not ${wantedText(other)}`)];
    const isKept = `exists (select from ${keys?.text} k where ${sameRowText(one.keys[0], "k", "t")})`;
    return {
      text: `from ${tableText(table)} t${whereText([...conditions, ...(keys === null ? [] : [`not ${isKept}`])])}`,
      needs: [one.name, ...earlier.map(({ name }) => name), ...(keys?.needs ?? [])],
    };
  });
}

function reasonFor(table: CopiedTable, kept: KeptRows, added: AddedRows): string {
  const namesOf = (tables: readonly CopiedTable[]) => [...new Set(tables.map(({ key }) => key))].toSorted();
  const parents = namesOf(kept.restricting(table).map(({ to }) => to));
  const children = namesOf(added.wanted(table).flatMap(({ keys }) => keys.map(({ from }) => from)));
  const byOthers = `referenced by ${children.length === 0 ? "others" : children.join(", ")}`;
  if (table.rules.referenced === "only") return `only rows ${byOthers}`;
  return [
    ...(hasOwnRule(table) ? ["its own rule"] : []),
    ...(parents.length > 0 ? [`rows whose ${parents.join(" or ")} is not copied are left out`] : []),
    ...(children.length > 0 ? [`rows ${byOthers} are added`] : []),
  ].join("; ");
}

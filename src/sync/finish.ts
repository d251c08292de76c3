import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { ident, sql } from "../sql/tag.ts";
import { LARGE_ROWS } from "./begin.ts";
import { tableKey } from "./catalog.ts";
import { copyFailure } from "./failure.ts";
import { columnKey } from "./joined-columns.ts";
import { compareJoins, countJoins, type JoinCount, joinsOf } from "./joins.ts";
import type { SyncPlan } from "./plan.ts";
import type { Unit } from "./source/units.ts";
import { dropRecords, type FinishedUnit, readRun } from "./target/records.ts";
import { refreshViews } from "./target/materialized-views.ts";
import { setSequences } from "./target/sequences.ts";
import { planSetAside } from "./target/set-aside.ts";
import { emptyTables, insertStaged } from "./target/switch-in.ts";

export interface Loaded {
  readonly kept: readonly FinishedUnit[];
  readonly loaded: readonly FinishedUnit[];
  readonly inPlace: boolean;
  readonly source: Connection;
}

export interface Finished {
  readonly joins: readonly JoinCount[];
  readonly warnings: readonly string[];
}

/**
 * Make the copy what the target holds, in one transaction: the rows, their indexes and keys, which are checked,
 * sequences, materialized views and statistics. Throws SYNC_303, or SYNC_306 when joins do not find what they found at
 * the source, after which all is as it was before.
 */
export async function finishRun(target: Connection, plan: SyncPlan, loaded: Loaded): Promise<Finished> {
  const joins = joinsOf(plan);
  const before = await countJoins(loaded.source, joins);
  return target.transaction(async () => {
    const restore = loaded.inPlace
      ? ((await readRun(target))?.restore ?? [])
      : await switchIn(target, plan, [...loaded.kept, ...loaded.loaded]);
    await target.run(sql`set local maintenance_work_mem = '256MB'`);
    for (const statement of restore) {
      await target.run(sql.raw(statement)).catch((error: unknown) => {
        throw copyFailure(error, "the copy");
      });
    }
    const missing = await setSequences(target, plan.sequences, maskedColumns(plan));
    for (const table of plan.targets.values())
      await target.run(sql.raw(`analyze ${ident(table.schema, table.name)}`));
    await refreshViews(
      target,
      [...plan.targets.values()].map(({ oid }) => oid),
    );
    const counted = compareJoins(joins, before, await countJoins(target, joins));
    await dropRecords(target);
    return { joins: counted, warnings: missing.map((name) => `the target has no sequence ${name}`) };
  });
}

/** Take a load back: stages are dropped; tables that were loaded in place are emptied and get their indexes again. */
export async function giveUp(target: Connection, plan: SyncPlan, inPlace: boolean): Promise<void> {
  await target.transaction(async () => {
    if (inPlace) {
      await emptyTables(target, [...plan.targets.values()]);
      for (const statement of (await readRun(target))?.restore ?? []) await target.run(sql.raw(statement));
    }
    await dropRecords(target);
  });
}

/** Gives the statements that are still to run. */
async function switchIn(
  target: Connection,
  plan: SyncPlan,
  finished: readonly FinishedUnit[],
): Promise<readonly string[]> {
  const tables = [...plan.targets.values()];
  const units = finished.toSorted((a, b) => compareUnits(a.unit, b.unit));
  const unitsOf = (key: string) => units.filter(({ unit }) => unit.table === key);
  const rowsOf = (key: string) => unitsOf(key).reduce((sum, { copied }) => sum + copied.rows, 0);
  const names = tables.map((table) => ident(table.schema, table.name)).join(", ");
  await target.run(sql.raw(`lock table ${names} in access exclusive mode`));
  const large = tables.filter((table) => rowsOf(tableKey(table)) >= LARGE_ROWS);
  await target.run(sql`set local search_path = ''`);
  const setAside = await planSetAside(target, tables, large);
  for (const statement of setAside.remove) await target.run(sql.raw(statement));
  await target.run(sql`set local search_path to default`);
  await emptyTables(target, tables);
  for (const [key, table] of plan.targets) {
    const { columns } = plan.copies.get(key)!;
    const stages = unitsOf(key).flatMap(({ stage }) => stage ?? []);
    const rows = await insertStaged(target, { table, columns, stages }).catch((error: unknown) => {
      throw copyFailure(error, key);
    });
    if (rows !== rowsOf(key)) {
      throw new ConfitureError("SYNC_303", `${key} took ${rows} of ${rowsOf(key)} rows`);
    }
  }
  return setAside.restore;
}

/** In the order of the source's rows, so that the same rows always lie in the same order. */
const compareUnits = (a: Unit, b: Unit): number =>
  a.from === b.from ? (a.firstPage ?? 0) - (b.firstPage ?? 0) : a.from < b.from ? -1 : 1;

/** Columns whose values are others than the source's. */
function maskedColumns(plan: SyncPlan): Map<string, { readonly table: string; readonly column: string }> {
  const masked = plan.treatments.filter(({ rule }) => rule.anonymizer.isKeyed);
  return new Map(
    masked.map(({ table, column }) => [columnKey(table, column.name), { table, column: column.name }]),
  );
}

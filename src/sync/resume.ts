import { ConfitureError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Beginning, Sides } from "./begin.ts";
import type { Source } from "./source/source.ts";
import { isUnchanged } from "./source/unchanged.ts";
import type { Unit } from "./source/units.ts";
import { type FinishedUnit, forgetUnits, readFinished, readRun, type RunFacts } from "./target/records.ts";
import { emptyTables } from "./target/switch-in.ts";

/** Take up an interrupted run: keep its units where the source still holds the same rows. Throws SYNC_305. */
export async function resumeRun(
  { source, target, plan }: Sides,
  units: readonly Unit[],
  { mode, log }: { readonly mode: RunFacts["mode"]; readonly log: Log },
): Promise<Beginning> {
  const left = await readRun(target);
  if (left === null) throw new ConfitureError("SYNC_305", "the target holds no interrupted sync");
  if (left.fingerprint !== plan.fingerprint || left.mode !== mode) {
    throw new ConfitureError(
      "SYNC_305",
      "the interrupted sync had another source, rules, key, tables or mode",
    );
  }
  const finished = await readFinished(target);
  const changed = await changedUnits(source, finished, units);
  const changedTables = new Set(changed.map(({ unit }) => unit.table));
  const inPlace = mode === "in place";
  // In place the rows of a part cannot be told from those of others.
  const isRead = (one: FinishedUnit) => (inPlace ? changedTables.has(one.unit.table) : changed.includes(one));
  const again = finished.filter(isRead);
  if (again.length > 0) {
    log.info(`${again.length} of ${finished.length} finished parts are read again: the source has changed`);
    await target.transaction(async () => {
      const tables = [...plan.targets].flatMap(([key, table]) => (changedTables.has(key) ? [table] : []));
      if (inPlace) await emptyTables(target, tables);
      await forgetUnits(target, again);
    });
  }
  const kept = finished.filter((one) => !isRead(one));
  const done = new Set(kept.map(({ unit }) => identityOf(unit)));
  return {
    kept,
    units: units.filter((unit) => !done.has(identityOf(unit))),
    firstStage: inPlace ? null : 1 + Math.max(0, ...finished.map(stageNumber)),
  };
}

async function changedUnits(
  source: Source,
  finished: readonly FinishedUnit[],
  units: readonly Unit[],
): Promise<FinishedUnit[]> {
  const wanted = new Set(units.map(identityOf));
  const changed: FinishedUnit[] = [];
  for (const one of finished) {
    const { unit, copied, snapshot } = one;
    const isKept =
      wanted.has(identityOf(unit)) && (await isUnchanged(source.db, unit, { snapshot, rows: copied.rows }));
    if (!isKept) changed.push(one);
  }
  return changed;
}

/** Which rows of which file. */
const identityOf = ({ from, firstPage, endPage, fileNode }: Unit): string =>
  JSON.stringify([from, firstPage, endPage, fileNode]);

const stageNumber = ({ stage }: FinishedUnit): number => Number(/\d+$/.exec(stage ?? "")?.[0] ?? 0);

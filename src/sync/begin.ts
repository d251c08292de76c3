import { ConfitureError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import type { SyncPlan } from "./plan.ts";
import type { Source } from "./source/source.ts";
import { isUnchanged } from "./source/unchanged.ts";
import { type Unit, unitsOf } from "./source/units.ts";
import * as records from "./target/records.ts";
import { planSetAside } from "./target/set-aside.ts";
import { emptyTables } from "./target/switch-in.ts";

/** What is left to do. */
export interface Beginning {
  /** Units of an interrupted run that are still what the source holds. */
  readonly kept: readonly records.FinishedUnit[];
  readonly units: readonly Unit[];
  /** Number of the next stage; null in place. */
  readonly firstStage: number | null;
}

export interface BeginOptions {
  readonly resume: boolean;
  readonly inPlace: boolean;
  readonly log: Log;
}

/** Tables of fewer rows are filled as fast with their indexes. */
export const LARGE_ROWS = 10_000;

/**
 * Write down that a run begins, or take up the one that was interrupted: what was copied by then is kept where the rows
 * of the source are the same. Throws SYNC_305 when there is none, or when it was about something else.
 */
export async function beginRun(
  source: Source,
  target: Connection,
  plan: SyncPlan,
  options: BeginOptions,
): Promise<Beginning> {
  const units = unitsOf(plan.tables, source.db.server.major);
  const left = await records.readRun(target);
  if (options.resume) return resumeRun(source, target, plan, units, { ...options, left });
  if (left !== null) await abandon(target, left, options.log);
  await target.transaction(async () => {
    await records.createRecords(target);
    const restore = options.inPlace ? await emptyForLoad(target, plan) : [];
    await records.writeRun(target, { fingerprint: plan.fingerprint, mode: modeOf(options), restore });
  });
  return { kept: [], units, firstStage: options.inPlace ? null : 1 };
}

const modeOf = ({ inPlace }: BeginOptions): records.RunFacts["mode"] => (inPlace ? "in place" : "staged");

/** Take away what slows a load, and all rows; gives what makes it again. */
async function emptyForLoad(target: Connection, plan: SyncPlan): Promise<readonly string[]> {
  const tables = [...plan.targets.values()];
  const rows = new Map(plan.tables.map((table) => [`${table.schema}.${table.name}`, table.estimatedRows]));
  const large = tables.filter(
    (table) =>
      !table.isPartitioned && (rows.get(`${table.schema}.${table.name}`) ?? LARGE_ROWS) >= LARGE_ROWS,
  );
  await target.run(sql`set local search_path = ''`);
  const { remove, restore } = await planSetAside(target, oidsOf(tables), oidsOf(large));
  for (const statement of remove) await target.run(sql.raw(statement));
  await emptyTables(target, tables);
  return restore;
}

const oidsOf = (tables: readonly { readonly oid: number }[]): number[] => tables.map(({ oid }) => oid);

/** A run that is not gone on with: its stages are dropped; what it emptied in place stays empty, with its indexes. */
async function abandon(target: Connection, left: records.RunFacts, log: Log): Promise<void> {
  log.warn("an interrupted sync is given up; --resume would have gone on with it");
  await target.transaction(async () => {
    if (left.mode === "in place") {
      const finished = await records.readFinished(target);
      const names = [...new Set(finished.map(({ unit }) => unit.table))];
      if (names.length > 0) await target.run(sql.raw(`truncate ${names.join(", ")}`));
      for (const statement of left.restore) await target.run(sql.raw(statement));
    }
    await records.dropRecords(target);
  });
}

/** Of the same rows of the same file. */
const identityOf = ({ from, firstPage, endPage, fileNode }: Unit): string =>
  JSON.stringify([from, firstPage, endPage, fileNode]);

async function resumeRun(
  source: Source,
  target: Connection,
  plan: SyncPlan,
  units: readonly Unit[],
  { left, inPlace, log, resume }: BeginOptions & { readonly left: records.RunFacts | null },
): Promise<Beginning> {
  if (left === null) throw new ConfitureError("SYNC_305", "the target holds no interrupted sync");
  if (left.fingerprint !== plan.fingerprint || left.mode !== modeOf({ inPlace, log, resume })) {
    throw new ConfitureError(
      "SYNC_305",
      "the interrupted sync had another source, rules, key, tables or mode",
    );
  }
  const wanted = new Set(units.map(identityOf));
  const finished = await records.readFinished(target);
  const isKept = await Promise.all(
    finished.map(
      async ({ unit, copied, snapshot }) =>
        wanted.has(identityOf(unit)) &&
        (snapshot === source.snapshot ||
          (await isUnchanged(source.db, unit, { snapshot, rows: copied.rows }))),
    ),
  );
  const changed = finished.filter((_, i) => !isKept[i]);
  const changedTables = new Set(changed.map(({ unit }) => unit.table));
  const isDropped = (one: records.FinishedUnit) =>
    inPlace ? changedTables.has(one.unit.table) : changed.includes(one);
  const dropped = finished.filter(isDropped);
  if (dropped.length > 0) {
    log.info(
      `${dropped.length} of ${finished.length} finished parts are read again: the source has changed there`,
    );
    await target.transaction(async () => {
      const tables = [...plan.targets].flatMap(([key, table]) => (changedTables.has(key) ? [table] : []));
      if (inPlace) await emptyTables(target, tables);
      await records.forgetUnits(target, dropped);
    });
  }
  const kept = finished.filter((one) => !isDropped(one));
  const done = new Set(kept.map(({ unit }) => identityOf(unit)));
  return {
    kept,
    units: units.filter((unit) => !done.has(identityOf(unit))),
    firstStage: inPlace
      ? null
      : 1 + Math.max(0, ...finished.map(({ stage }) => Number(/\d+$/.exec(stage ?? "")?.[0] ?? 0))),
  };
}

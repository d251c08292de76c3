import type { Log } from "../base/log.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { readTables, tableKey } from "./catalog.ts";
import type { SyncPlan } from "./plan.ts";
import { resumeRun } from "./resume.ts";
import type { Source } from "./source/source.ts";
import { type Unit, unitsOf } from "./source/units.ts";
import * as records from "./target/records.ts";
import { planSetAside } from "./target/set-aside.ts";
import { emptyTables } from "./target/switch-in.ts";

/** The two sides and what was decided about them. */
export interface Sides {
  readonly source: Source;
  readonly target: Connection;
  readonly plan: SyncPlan;
}

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
  /** Blocks of the parts in which tables are copied; 8,192 by default. */
  readonly unitPages?: number | undefined;
  readonly log: Log;
}

/** Tables of fewer rows are filled as fast with their indexes. */
export const LARGE_ROWS = 10_000;

/**
 * Write down that a run begins, or take up the one that was interrupted: what was copied by then is kept where the rows
 * of the source are the same. Throws SYNC_305 when there is none, or when it was about something else.
 */
export async function beginRun(
  sides: Sides,
  { resume, inPlace, unitPages, log }: BeginOptions,
): Promise<Beginning> {
  const { source, target, plan } = sides;
  const units = unitsOf(plan.tables, {
    major: source.db.server.major,
    unitPages,
    subsets: new Set(plan.subsets.keys()),
  });
  const mode = inPlace ? "in place" : "staged";
  if (resume) return resumeRun(sides, units, { mode, log });
  const left = await records.readRun(target);
  await target.transaction(async () => {
    if (left !== null) await abandon(target, left, log);
    await records.createRecords(target);
    const restore = inPlace ? await emptyForLoad(target, plan) : [];
    await records.writeRun(target, { fingerprint: plan.fingerprint, mode, restore });
  });
  return { kept: [], units, firstStage: inPlace ? null : 1 };
}

/** Take away what slows a load, and all rows; gives what makes it again. */
async function emptyForLoad(target: Connection, plan: SyncPlan): Promise<readonly string[]> {
  const tables = [...plan.targets.values()];
  const rows = new Map(plan.tables.map((table) => [tableKey(table), table.estimatedRows]));
  const isLarge = (key: string) => (rows.get(key) ?? LARGE_ROWS) >= LARGE_ROWS;
  await target.run(sql`set local search_path = ''`);
  const { remove, restore } = await planSetAside(
    target,
    tables,
    tables.filter((table) => isLarge(tableKey(table))),
  );
  for (const statement of remove) await target.run(sql.raw(statement));
  await emptyTables(target, tables);
  return restore;
}

/** A run that is not gone on with: its stages are dropped; what it emptied in place gets its indexes back. */
async function abandon(target: Connection, left: records.RunFacts, log: Log): Promise<void> {
  log.warn("an interrupted sync is given up; --resume would have gone on with it");
  if (left.mode === "in place") {
    const loaded = new Set((await records.readFinished(target)).map(({ unit }) => unit.table));
    const tables = await readTables(target, []);
    const filled = tables.filter((table) => loaded.has(tableKey(table)));
    if (filled.length > 0) await emptyTables(target, filled);
    for (const statement of left.restore) await target.run(sql.raw(statement));
  }
  await records.dropRecords(target);
}

import { ConfitureError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { OpenOptions } from "../pg/connection.ts";
import { type Beginning, beginRun, type Sides } from "./begin.ts";
import { tableKey } from "./catalog.ts";
import { threadCount } from "./copy/threads.ts";
import { finishRun, giveUp } from "./finish.ts";
import { checkLeaks, type Extent, leakFound, type LeakScan } from "./leaks/check-leaks.ts";
import { type LoadRequest, loadUnits } from "./load.ts";
import { manifestOf, type SyncResult } from "./manifest.ts";
import { type PlanRequest, planSync } from "./plan.ts";
import { describePlan, type SyncPlanResult } from "./plan-result.ts";
import { openSource } from "./source/source.ts";
import { openTarget } from "./target/open-target.ts";
import type { FinishedUnit } from "./target/records.ts";
import { searchedColumns } from "./treatment.ts";

/** A database and how it is shown, without its password. */
export interface SyncSide {
  readonly url: string;
  readonly name: string;
}

export interface SyncRequest extends PlanRequest {
  readonly source: SyncSide;
  readonly target: SyncSide;
  readonly environment: OpenOptions["environment"];
  /** How many parts are copied at once. */
  readonly jobs: number;
  /** Threads that copy beside this one; by default one where there are more than two cores. */
  readonly threads?: number | undefined;
  /** Load into the tables themselves instead of stages beside them. */
  readonly inPlace: boolean;
  /** How much the copy is searched for values that should not be in it. */
  readonly scan: Extent;
  /** Blocks of the parts in which tables are copied; 8,192 by default. */
  readonly unitPages?: number | undefined;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** How far a load is. */
export interface Progress {
  /** Read so far, and those of the tables' heaps as far as they were not read before. */
  readonly bytes: number;
  readonly totalBytes: number;
  /** Committed so far. */
  readonly rows: number;
}

/**
 * Copy tables from one database into another at one moment of the source. The target holds either what it held before
 * or all of the copy; in place, what an error says. The caller holds the target's migration lock. Throws what
 * `planSync` throws, SYNC_303 when rows cannot be copied, SYNC_304 when values are found that should not,
 * SYNC_306 when joins do not survive, SYNC_305 when there is nothing to go on with, SYNC_307 when a thread ends by itself.
 */
export async function sync(request: SyncRequest): Promise<SyncResult> {
  const startedAt = new Date();
  threadCount(request.threads, request.jobs); // throws before anything is written
  await using source = await openSource(request.source.url, connectionOptions(request));
  await using target = await openTarget(request.target.url, connectionOptions(request));
  const plan = await planSync(source, target, request);
  const sides = { source, target, plan };
  const run = await beginRun(sides, request);
  try {
    return await copyAll(sides, run, { request, startedAt });
  } catch (error) {
    throw withState(error, request.inPlace);
  }
}

/** What is left of a run: load, search, and make it what the target holds. */
async function copyAll(
  sides: Sides,
  run: Beginning,
  { request, startedAt }: { readonly request: SyncRequest; readonly startedAt: Date },
): Promise<SyncResult> {
  const { source, target, plan } = sides;
  const loaded = await loadUnits({
    ...run,
    plan,
    ends: {
      source: source.moment,
      targetUrl: request.target.url,
      connection: { applicationName: APPLICATION, environment: { ...request.environment } },
    },
    jobs: request.jobs,
    threads: request.threads,
    signal: request.signal,
    ...progressOf(request, run.units),
  });
  const leakScan = await checkCopy(sides, [...run.kept, ...loaded], request);
  const { kept } = run;
  const finished = await finishRun(target, plan, {
    kept,
    loaded,
    inPlace: request.inPlace,
    source: source.db,
  });
  return manifestOf(request, {
    plan,
    source,
    kept,
    loaded,
    leakScan,
    ...finished,
    startedAt,
  });
}

/** An error of a run that had begun says what the target holds now, unless it says so already. */
function withState(error: unknown, inPlace: boolean): unknown {
  if (!(error instanceof ConfitureError) || error.context.details?.["target"] !== undefined) return error;
  const target = inPlace
    ? "the tables are incomplete and lack their foreign keys; --resume goes on, a run without it begins anew"
    : "as it was before; --resume goes on with what was loaded";
  return error.with({ details: { target } });
}

/** What `sync` would do, without a trace. Throws what `planSync` throws. */
export async function syncPlan(request: SyncRequest): Promise<SyncPlanResult> {
  await using source = await openSource(request.source.url, connectionOptions(request));
  await using target = await openTarget(request.target.url, connectionOptions(request));
  return await describePlan(await planSync(source, target, request), source, {
    source: request.source.name,
    target: request.target.name,
  });
}

/** Null where nothing is masked. Throws SYNC_304, after which the copy is gone. */
async function checkCopy(
  { source, target, plan }: Sides,
  finished: readonly FinishedUnit[],
  { scan, inPlace }: SyncRequest,
): Promise<LeakScan | null> {
  if (plan.treatments.every(({ rule }) => rule.anonymizer.isPlain)) return null;
  const scanned = plan.tables.map((table) => {
    const key = tableKey(table);
    const stages = finished.flatMap(({ unit, stage }) =>
      unit.table === key && stage !== null ? [stage] : [],
    );
    return { table: key, columns: searchedColumns(plan.treatments, key), from: inPlace ? [key] : stages };
  });
  const found = await checkLeaks(source.db, target, plan.treatments, { scanned, extent: scan });
  if (found.leaks.length === 0) return found;
  await giveUp(target, plan, inPlace);
  throw leakFound(found.leaks, inPlace ? "the tables were emptied again" : "the target is as it was before");
}

const APPLICATION = "confiture sync";

const connectionOptions = ({ environment, signal }: SyncRequest): OpenOptions => ({
  applicationName: APPLICATION,
  environment,
  signal,
});

function progressOf(
  { onProgress }: SyncRequest,
  units: readonly { readonly pages: number }[],
): Pick<LoadRequest, "onBytes" | "onRows"> {
  if (onProgress === undefined) return {};
  const totalBytes = units.reduce((sum, { pages }) => sum + pages * BLOCK_BYTES, 0);
  let [bytes, rows] = [0, 0];
  const tell = () => onProgress({ bytes, totalBytes, rows });
  return {
    onBytes: (more) => ((bytes += more), tell()),
    onRows: (more) => ((rows += more), tell()),
  };
}

/** Of nearly every server. */
const BLOCK_BYTES = 8192;

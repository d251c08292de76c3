import { type LaneEnds, openLane, type UnitTask } from "./copy/lane.ts";
import { ROW } from "./copy/table-copy.ts";
import { plainTreatment } from "./copy/thread-message.ts";
import { startThreads, threadCount } from "./copy/threads.ts";
import type { SyncPlan } from "./plan.ts";
import { rangeCondition, type Unit } from "./source/units.ts";
import type { FinishedUnit } from "./target/records.ts";

export interface LoadRequest {
  readonly plan: SyncPlan;
  readonly ends: LaneEnds;
  readonly units: readonly Unit[];
  /** Rows go into stages with numbers from here on; null when they go where they belong. */
  readonly firstStage: number | null;
  readonly jobs: number;
  /** As `threadCount` takes it. */
  readonly threads?: number | undefined;
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** Called with the rows of each unit once they are committed. */
  readonly onRows?: ((rows: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Copy units, several at once, each in one transaction with the record of it. Gives them in the order of `units`.
 * Throws SYNC_303, SYNC_307 or CONFIG_006; what was finished by then is on record.
 */
export async function loadUnits(request: LoadRequest): Promise<FinishedUnit[]> {
  const { units, jobs, signal } = request;
  const finished: FinishedUnit[] = [];
  const count = Math.min(jobs, units.length);
  await using lanes = startLanes(request, count);
  let next = 0;
  let isFailed = false;
  const work = async () => {
    await using lane = await lanes.open();
    while (!isFailed && next < units.length) {
      signal?.throwIfAborted();
      const place = next++;
      finished[place] = await lane.copy(taskOf(units[place]!, place, request));
      request.onRows?.(finished[place].copied.rows);
    }
  };
  const working = Array.from({ length: count }, () =>
    work().catch((error: unknown) => {
      isFailed = true;
      throw error;
    }),
  );
  const ended = await Promise.allSettled(working);
  for (const end of ended) if (end.status === "rejected") throw end.reason;
  return finished;
}

/** Gives lanes in this thread and, where there are cores for them, in others by turns. */
function startLanes({ plan, ends, threads: wanted, onBytes, signal }: LoadRequest, lanes: number) {
  const count = threadCount(wanted, lanes);
  const openHere = () => openLane(ends, { copies: plan.copies, onBytes, signal });
  if (count === 0) return { open: openHere, [Symbol.asyncDispose]: async () => {} };
  const setup = { ends, treatments: plan.treatments.map(plainTreatment), secret: plan.key.secret() };
  const threads = startThreads(setup, { count, onBytes, signal });
  let opened = 0;
  return {
    open: async () => (opened++ % (count + 1) === 0 ? openHere() : threads.openLane()),
    [Symbol.asyncDispose]: () => threads[Symbol.asyncDispose](),
  };
}

function taskOf(unit: Unit, place: number, { plan, firstStage }: LoadRequest): UnitTask {
  return {
    unit,
    query: queryOf(unit, plan, plan.copies.get(unit.table)!.expressions),
    table: plan.targets.get(unit.table)!,
    stage: firstStage === null ? null : firstStage + place,
  };
}

/** The rows of a unit, as expressions over `t`. */
function queryOf(unit: Unit, { subsets }: SyncPlan, expressions: readonly string[]): string {
  const subset = subsets.get(unit.table);
  if (subset !== undefined) return subset.select(expressions).text;
  return `select ${expressions.join(", ")} from only ${unit.from} ${ROW}${rangeCondition(unit)}`;
}

import type { Connection } from "../pg/connection.ts";
import { ident, type Sql, sql } from "../sql/tag.ts";
import { ROW } from "./copy/table-copy.ts";
import { copyUnit } from "./copy/copy-unit.ts";
import { copyFailure } from "./failure.ts";
import type { SyncPlan } from "./plan.ts";
import type { Source } from "./source/source.ts";
import { rangeCondition, type Unit } from "./source/units.ts";
import { type FinishedUnit, writeFinished } from "./target/records.ts";
import { createStage } from "./target/stage.ts";

export interface LoadRequest {
  readonly plan: SyncPlan;
  readonly source: Source;
  /** Opens one more connection to the target. */
  readonly openTarget: () => Promise<Connection>;
  readonly units: readonly Unit[];
  /** Rows go into stages with numbers from here on; null when they go where they belong. */
  readonly firstStage: number | null;
  readonly jobs: number;
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** Called with the rows of each unit once they are committed. */
  readonly onRows?: ((rows: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Copy units, several at once, each in one transaction with the record of it. Gives them in the order of `units`.
 * Throws SYNC_303 or CONFIG_006; what was finished by then is on record.
 */
export async function loadUnits(request: LoadRequest): Promise<FinishedUnit[]> {
  const { units, jobs, signal } = request;
  const finished: FinishedUnit[] = [];
  let next = 0;
  let isFailed = false;
  const work = async () => {
    await using lane = await openLane(request);
    while (!isFailed && next < units.length) {
      signal?.throwIfAborted();
      const place = next++;
      finished[place] = await lane.copy(units[place]!, place).catch((error: unknown) => {
        throw copyFailure(error, units[place]!.table);
      });
      request.onRows?.(finished[place].copied.rows);
    }
  };
  const lanes = Array.from({ length: Math.min(jobs, units.length) }, () =>
    work().catch((error: unknown) => {
      isFailed = true;
      throw error;
    }),
  );
  const ended = await Promise.allSettled(lanes);
  for (const end of ended) if (end.status === "rejected") throw end.reason;
  return finished;
}

/** The rows of a unit, as expressions over `t`. */
function queryOf(unit: Unit, { subsets }: SyncPlan, expressions: readonly string[]): Sql {
  const subset = subsets.get(unit.table);
  if (subset !== undefined) return subset.select(expressions);
  return sql.raw(`select ${expressions.join(", ")} from only ${unit.from} ${ROW}${rangeCondition(unit)}`);
}

interface Lane extends AsyncDisposable {
  copy(unit: Unit, place: number): Promise<FinishedUnit>;
}

/** A connection at each side, through which units go one after the other. */
async function openLane({ source, openTarget, plan, firstStage, onBytes }: LoadRequest): Promise<Lane> {
  const reader = await source.reader();
  const writer = await openTarget().catch(async (error: unknown) => {
    await reader.close();
    throw error;
  });
  const copy = async (unit: Unit, place: number): Promise<FinishedUnit> => {
    const table = plan.targets.get(unit.table)!;
    const stage = firstStage === null ? null : await createStage(writer, table, firstStage + place);
    const into = stage ?? ident(table.schema, table.name);
    const tableCopy = plan.copies.get(unit.table)!;
    const query = queryOf(unit, plan, tableCopy.expressions);
    const copied = await copyUnit(reader, writer, { copy: tableCopy, query, into, onBytes });
    const done = { unit, copied, stage, snapshot: source.snapshot };
    await writeFinished(writer, done);
    return done;
  };
  return {
    copy: (unit, place) =>
      writer.transaction(() => copy(unit, place), sql`; set local synchronous_commit = off`),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([reader.close(), writer.close()]);
    },
  };
}

import type { OpenOptions } from "../../pg/connection.ts";
import { ident, sql } from "../../sql/tag.ts";
import type { SyncTable } from "../catalog.ts";
import { copyFailure } from "../failure.ts";
import { openReader, type SourceMoment } from "../source/source.ts";
import type { Unit } from "../source/units.ts";
import { openTarget } from "../target/open-target.ts";
import { type FinishedUnit, writeFinished } from "../target/records.ts";
import { createStage } from "../target/stage.ts";
import { copyUnit } from "./copy-unit.ts";
import type { TableCopy } from "./table-copy.ts";

/** A connection at each side, through which units go one after the other. */
export interface Lane extends AsyncDisposable {
  /** In one transaction with the record of it. Throws SYNC_303, CONFIG_006, or the signal's reason. */
  copy(task: UnitTask): Promise<FinishedUnit>;
}

/** What is copied at once, as plain data. */
export interface UnitTask {
  readonly unit: Unit;
  /** Its rows, as the source is asked for them. */
  readonly query: string;
  /** As the target has it. */
  readonly table: SyncTable;
  /** Number of the stage that takes the rows; null when they go where they belong. */
  readonly stage: number | null;
}

/** Where a lane leads from and to, as plain data. */
export interface LaneEnds {
  readonly source: SourceMoment;
  readonly targetUrl: string;
  readonly connection: Pick<OpenOptions, "applicationName" | "environment">;
}

export interface LaneOptions {
  readonly copies: ReadonlyMap<string, TableCopy>;
  readonly onBytes?: ((bytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Throws CONFIG_006 when a side cannot be reached. */
export async function openLane(
  { source, targetUrl, connection }: LaneEnds,
  { copies, onBytes, signal }: LaneOptions,
): Promise<Lane> {
  const reader = await openReader(source, { ...connection, signal });
  const writer = await openTarget(targetUrl, { ...connection, signal }).catch(async (error: unknown) => {
    await reader.close();
    throw error;
  });
  const copy = async ({ unit, query, table, stage: number }: UnitTask): Promise<FinishedUnit> => {
    const stage = number === null ? null : await createStage(writer, table, number);
    const copied = await copyUnit(reader, writer, {
      copy: copies.get(unit.table)!,
      query: sql.raw(query),
      into: stage ?? ident(table.schema, table.name),
      onBytes,
    });
    const done = { unit, copied, stage, snapshot: source.snapshot };
    await writeFinished(writer, done);
    return done;
  };
  return {
    copy: (task) =>
      writer
        .transaction(() => copy(task), sql`; set local synchronous_commit = off`)
        .catch((error: unknown) => {
          throw copyFailure(error, task.unit.table);
        }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([reader.close(), writer.close()]);
    },
  };
}

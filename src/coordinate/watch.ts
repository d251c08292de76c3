import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { listen } from "../pg/listen.ts";
import { sql } from "../sql/tag.ts";
import { makeBell } from "./intents/bell.ts";
import { type HistoryRow, historyRowSchema, readHistory } from "./intents/history-row.ts";
import { readOnly } from "./intents/lock.ts";
import { CHANNEL } from "./intents/rules.ts";

const change = z.object({ type: z.literal("change"), ...historyRowSchema.shape });
const end = z.object({
  type: z.literal("end"),
  reason: z.enum(["timeout", "interrupted"]),
  changes: z.int().describe("How many were shown"),
  last_id: z.int().describe("To go on from there: --after-id"),
});

export const watchOutput = defineOutput("coordinate.watch", 1, z.discriminatedUnion("type", [change, end]));

export type WatchChange = z.infer<typeof change>;
export type WatchEnd = z.infer<typeof end>;

export interface WatchOptions {
  /** Show what came after this row of the history; by default what comes from now on. */
  readonly afterId?: number | undefined;
  /** Ends after that time; never by default. */
  readonly timeoutMs?: number | undefined;
  /** How long to wait for a notification before looking all the same; default 2,000. */
  readonly pollMs?: number | undefined;
  /** Ends when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** Hand on every change of an intent's status as it is committed, in that order; writes nothing. Throws COORD_1001. */
export async function watch(
  db: Connection,
  { afterId, timeoutMs = Infinity, pollMs = 2000, signal }: WatchOptions,
  show: (change: WatchChange) => void | Promise<void>,
): Promise<WatchEnd> {
  const ends = performance.now() + timeoutMs;
  const bell = makeBell(signal);
  let changes = 0;
  let last = afterId ?? 0;
  try {
    await using _listening = await listen(db, CHANNEL, bell.ring);
    if (afterId === undefined) last = await newestId(db);
    for (;;) {
      const rows = await changesAfter(db, last);
      for (const row of rows) await show({ type: "change", ...row });
      changes += rows.length;
      last = rows.at(-1)?.id ?? last;
      const left = ends - performance.now();
      if (left <= 0) return { type: "end", reason: "timeout", changes, last_id: last };
      await bell.wait(Math.min(left, pollMs));
      signal?.throwIfAborted();
    }
  } catch (error) {
    if (!signal?.aborted || error !== signal.reason) throw error;
    return { type: "end", reason: "interrupted", changes, last_id: last };
  }
}

const newestId = async (db: Connection): Promise<number> => {
  const [row] = await readOnly(db, () =>
    db.rows<{ id: number }>(sql`select coalesce(max(id), 0)::float8 as id from confiture.intent_history`),
  );
  return row!.id;
};

const changesAfter = (db: Connection, last: number): Promise<HistoryRow[]> =>
  readOnly(db, () => readHistory(db, sql`h.id > ${last}`));

import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { historyRowSchema, readHistory } from "./intents/history-row.ts";
import { readIntent } from "./intents/intent.ts";
import { readOnly } from "./intents/lock.ts";

export const historyOutput = defineOutput(
  "coordinate.history",
  1,
  z.object({ total: z.int(), history: z.array(historyRowSchema) }),
);

export type HistoryResult = z.infer<typeof historyOutput.schema>;

export interface HistoryOptions {
  readonly intentId?: string | undefined;
  /** Only the newest so many. */
  readonly limit?: number | undefined;
}

/** What happened to one intent, or to all, oldest first; writes nothing. Throws COORD_1001 and COORD_1002. */
export const history = (db: Connection, { intentId, limit }: HistoryOptions = {}): Promise<HistoryResult> =>
  readOnly(db, async () => {
    if (intentId !== undefined) await readIntent(db, intentId);
    const ofIntent = sql`(${intentId ?? null}::text is null or n.intent_id = ${intentId ?? null})`;
    const rows = await readHistory(
      db,
      sql`h.id in (select n.id from confiture.intent_history n where ${ofIntent}
        order by n.id desc limit ${limit ?? null})`,
    );
    return { total: rows.length, history: rows };
  });

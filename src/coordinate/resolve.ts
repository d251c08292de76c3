import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { say, sweep } from "./intents/changes.ts";
import { conflictSchema, readConflicts } from "./intents/conflict.ts";
import { underLock } from "./intents/lock.ts";
import { together } from "./intents/together.ts";

export const resolveOutput = defineOutput(
  "coordinate.resolve",
  1,
  z.object({
    conflict_id: z.int(),
    resolved: z.literal(true),
    resolution_notes: z.string(),
    conflict: conflictSchema,
    released: z.array(z.string()).describe("Intents that were conflicted and are registered now"),
  }),
);

export type ResolveResult = z.infer<typeof resolveOutput.schema>;

export interface ResolveOptions {
  readonly notes: string;
  /** Who resolved it. */
  readonly agentId?: string | undefined;
}

/**
 * Both sides have settled a conflict; an intent whose last one it was is registered again. What was resolved before
 * gets other notes. Throws COORD_1001, COORD_1003 and COORD_1007.
 */
export const resolve = (
  db: Connection,
  id: number,
  { notes, agentId }: ResolveOptions,
): Promise<ResolveResult> =>
  underLock(db, async () => {
    const newcomer = sql`(select i.status from confiture.intent i where i.id = c.intent_a)`;
    const [, , [before]] = await together(
      sweep(db),
      say(db, agentId, undefined),
      db.rows<{ intent_a: string; status: string }>(
        sql`select c.intent_a, ${newcomer} as status from confiture.conflict c where c.id = ${id}`,
      ),
    );
    if (before === undefined) {
      throw new ConfitureError("COORD_1003", `there is no conflict ${id}`, { details: { conflict_id: id } });
    }
    await db.run(sql`update confiture.conflict set reviewed = true, reviewed_at = clock_timestamp(),
      resolution_notes = ${notes} where id = ${id}`);
    const [[conflict], [after]] = await together(
      readConflicts(db, sql`c.id = ${id}`),
      db.rows<{ status: string }>(
        sql`select ${newcomer} as status from confiture.conflict c where c.id = ${id}`,
      ),
    );
    const isReleased = before.status === "conflicted" && after!.status === "registered";
    return {
      conflict_id: id,
      resolved: true as const,
      resolution_notes: notes,
      conflict: conflict!,
      released: isReleased ? [before.intent_a] : [],
    };
  });

import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { type ByAgent, type Changed, changedSchema } from "./intents/changed.ts";
import { moveIntent } from "./intents/move.ts";

export const completeOutput = defineOutput("coordinate.complete", 1, changedSchema);

export const OUTCOMES = ["success", "partial", "failed"] as const;

export interface CompleteOptions extends ByAgent {
  /** Default success. */
  readonly outcome?: (typeof OUTCOMES)[number] | undefined;
  readonly notes?: string | undefined;
  readonly mergeCommit?: string | undefined;
}

/** The work on an intent is done; it counts until it is merged or abandoned. Throws as `moveIntent`. */
export const complete = async (
  db: Connection,
  id: string,
  { agentId, outcome = "success", notes, mergeCommit }: CompleteOptions = {},
): Promise<Changed> => ({
  intent: await moveIntent(db, id, {
    to: "completed",
    agentId,
    ownOnly: true,
    reason: notes ?? outcome,
    set: sql`, outcome = ${outcome}, outcome_notes = ${notes ?? null},
      merge_commit = coalesce(${mergeCommit ?? null}, merge_commit)`,
  }),
});

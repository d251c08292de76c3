import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { type ByAgent, type Changed, changedSchema } from "./intents/changed.ts";
import { moveIntent } from "./intents/move.ts";

export const mergeOutput = defineOutput("coordinate.merge", 1, changedSchema);

export interface MergeOptions extends ByAgent {
  readonly mergeCommit?: string | undefined;
}

/** What was completed is part of the schema of all: it stands in nobody's way any more. Throws as `moveIntent`. */
export const merge = async (
  db: Connection,
  id: string,
  { agentId, mergeCommit }: MergeOptions = {},
): Promise<Changed> => ({
  intent: await moveIntent(db, id, {
    to: "merged",
    agentId,
    reason: mergeCommit,
    set: sql`, merge_commit = coalesce(${mergeCommit ?? null}, merge_commit)`,
  }),
});

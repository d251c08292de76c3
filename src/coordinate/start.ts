import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { type ByAgent, type Changed, changedSchema } from "./intents/changed.ts";
import { moveIntent } from "./intents/move.ts";

export const startOutput = defineOutput("coordinate.start", 1, changedSchema);

/** Work on an intent begins, or goes on after it was completed. Throws as `moveIntent`. */
export const start = async (db: Connection, id: string, { agentId }: ByAgent = {}): Promise<Changed> => ({
  intent: await moveIntent(db, id, { to: "in_progress", agentId, ownOnly: true }),
});

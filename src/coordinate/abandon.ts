import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import type { ByAgent } from "./intents/changed.ts";
import { intentSchema } from "./intents/intent.ts";
import { moveIntent } from "./intents/move.ts";

export const abandonOutput = defineOutput(
  "coordinate.abandon",
  1,
  z.object({
    intent_id: z.string(),
    feature_name: z.string(),
    status: z.literal("abandoned"),
    reason: z.string(),
    intent: intentSchema,
  }),
);

export type AbandonResult = z.infer<typeof abandonOutput.schema>;

/** Give an intent up, whoever it belongs to; those that waited for it alone wait no more. Throws as `moveIntent`. */
export async function abandon(
  db: Connection,
  id: string,
  { agentId, reason }: ByAgent & { readonly reason: string },
): Promise<AbandonResult> {
  const intent = await moveIntent(db, id, { to: "abandoned", agentId, reason });
  return { intent_id: id, feature_name: intent.feature_name, status: "abandoned", reason, intent };
}
